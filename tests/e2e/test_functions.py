"""Functions on a real page: seeing it, acting on it, and what a program is told when the page does not let it."""

from __future__ import annotations

import asyncio
import io
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from PIL import Image

from tests.e2e.live import watching
from tests.e2e.server import until


def test_open_shows_what_there_is(driven):
    seen = driven.open("/links")
    assert seen["title"] == "Links"
    assert seen["url"] == driven.site.url("/links")
    first = seen["elements"][0]
    form = driven.site.url("/form")
    assert first == {
        "ref": "@e1", "tag": "a", "text": "Form", "role": None, "name": None, "href": form, "input_type": None,
        "desc": f'@e1 [a] "Form" href="{form}"',
    }  # fmt: skip
    assert seen["elements_text"] == "\n".join(element["desc"] for element in seen["elements"])
    assert seen["total"] == len(seen["elements"])
    assert seen["dialogs"] == []


def test_open_says_what_a_page_was_refused_with(driven):
    assert driven.open("/nowhere")["message"] == f"Opened {driven.site.url('/nowhere')}, which answered 404"


def test_a_page_that_did_not_come_is_no_empty_page(driven):
    driven.ask("open", url="http://127.0.0.1:9/")
    assert "could not be loaded" in driven.call("snapshot")["message"]


def test_a_screenshot_is_a_file_of_the_session(driven):
    shot = driven.open("/links")["screenshot"]
    assert shot["filename"] == "0001.png"
    assert shot["uri"].endswith(f"/api/v1/sessions/{driven.id}/files/screenshots/0001.png")
    picture = driven.api.get(shot["uri"])
    assert len(picture.content) == shot["size"]
    assert Image.open(io.BytesIO(picture.content)).size == (1280, 720)


def test_open_gives_the_page_another_size(driven):
    seen = driven.open("/links", width=640, height=480)
    picture = driven.api.get(seen["screenshot"]["uri"])
    assert Image.open(io.BytesIO(picture.content)).size == (640, 480)
    told = driven.call("screenshot")
    assert (told["width"], told["height"]) == (640, 480)


def test_a_whole_page_is_as_long_as_it_is(driven):
    driven.open("/controls")
    shot = driven.call("screenshot", full_page=True)["screenshot"]
    assert Image.open(io.BytesIO(driven.api.get(shot["uri"]).content)).height > 3000


def test_an_address_that_does_not_answer(driven):
    told = driven.call("open", url="http://127.0.0.1:9/")
    assert not told["success"]
    assert told["message"].startswith("Failed to open URL: ")
    assert "ERR_" in told["message"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://settings"])
def test_an_address_that_no_session_may_open(driven, url):
    for answer in (driven.ask("open", url=url), driven.ask("interact", action="goto", url=url)):
        assert (answer.status_code, answer.json()["code"]) == (422, "address_refused")


def test_refs_reach_into_frames_and_shadow_roots(driven):
    driven.open("/frames")
    for name in ("same", "other", "same-nested", "other-nested"):
        driven.act("click", ref=driven.ref(f"Inside {name}"))
    whole = [f"{name} click" for name in ("same", "other", "same-nested", "other-nested")]
    until(lambda: driven.out == whole)
    driven.open("/shadow")
    driven.act("click", ref=driven.ref("Shadow nested"))
    driven.act("fill", ref=driven.ref("Shadow open field"), text="ahoy")
    driven.act("press", text="Tab")
    assert driven.out == ["nested click", "open ahoy"]
    assert "closed" not in driven.call("snapshot")["elements_text"]


def test_a_ref_keeps_its_element_until_the_page_changes(driven):
    driven.open("/late")
    target, begin = driven.ref("Target"), driven.ref("Begin")
    driven.act("click", ref=begin)
    driven.act("wait", selector="#came")
    # Something came before it; it is the same element all the same.
    assert driven.ref("Target") == target
    driven.act("click", ref=target)
    driven.act("click", ref=driven.ref("Came late"))
    assert driven.out == ["target", "came"]
    driven.act("click", ref=driven.ref("Replace"))
    stale = driven.try_to("click", ref=target)
    assert not stale["success"]
    assert stale["message"] == f"{target} is no longer on the page. Run 'snapshot' to get current elements."
    assert driven.ref("Target") != target


def test_a_ref_of_another_page_is_stale_and_an_unknown_one_unknown(driven):
    first = driven.open("/links")["elements"][0]["ref"]
    driven.act("goto", url=driven.site.url("/form"))
    assert "Run 'snapshot' to get current elements." in driven.try_to("click", ref=first)["message"]
    unknown = driven.try_to("click", ref="@e99")
    assert unknown["message"] == "Unknown ref: @e99. Run 'snapshot' to get current elements."


def test_the_tree_has_refs_of_its_own(driven):
    driven.open("/frames")
    seen = driven.call("snapshot", mode="aria")
    assert seen["elements"] == []
    line = next(line for line in seen["aria"].splitlines() if '"Inside other"' in line)
    driven.act("click", ref=line.split("[ref=")[1].split("]")[0])
    # Another site's frame tells the page by a message.
    until(lambda: driven.out == ["other click"])
    driven.open("/links")
    assert "no longer on the page" in driven.try_to("click", ref="@f9a9")["message"]


@pytest.mark.parametrize("mode", ["elements", "aria", "both"])
def test_what_changed_since_the_last_snapshot(driven, mode):
    driven.open("/late")
    driven.call("snapshot", mode=mode)
    assert driven.call("snapshot", mode=mode, diff=True)["diff"] == "(no changes)"
    driven.act("click", selector="#begin")
    driven.act("wait", selector="#came")
    diff = driven.call("snapshot", mode=mode, diff=True)["diff"]
    assert "Came late" in diff
    assert "Target" not in diff


def test_no_more_elements_than_wanted(driven):
    seen = driven.open("/many")
    assert len(seen["elements"]) == 50
    assert seen["total"] > 50
    assert len(driven.call("snapshot", max=3)["elements"]) == 3


def test_a_dialog_is_dismissed_and_told(driven):
    driven.open("/dialogs")
    told = driven.act("click", selector="#confirm")
    assert told["dialogs"] == [{"kind": "confirm", "message": "Go on?", "answer": "dismissed"}]
    assert driven.out == ["no"]
    driven.act("click", selector="#stay")
    left = driven.act("click", selector="#leave")
    assert [dialog["answer"] for dialog in left["dialogs"]] == ["accepted"]
    assert driven.call("snapshot")["title"] == "Links"


def test_a_dialog_that_came_between_two_calls_holds_nobody_up(driven):
    driven.open("/dialogs")
    driven.says("setTimeout(() => alert('Later'), 300), 1")
    until(lambda: driven.api.get(f"sessions/{driven.id}/events?kind=dialog").json()["items"])
    told = driven.act("click", selector="#confirm")
    assert [dialog["message"] for dialog in told["dialogs"]] == ["Later", "Go on?"]


@pytest.mark.parametrize(
    ("code", "value", "result"),
    [
        ("document.title", "Links", "Links"),
        ("1 + 1", 2, "2"),
        ("() => [1, {a: null}]", [1, {"a": None}], "[1, {'a': None}]"),
        ("return document.links.length > 2", True, "True"),
        ("await Promise.resolve('later')", "later", "later"),
        ("null", None, None),
        ("1 / 0", "inf", "inf"),
    ],
)
def test_execute(driven, code, value, result):
    driven.open("/links")
    told = driven.call("execute", code=code, screenshot=False)
    assert (told["value"], told["result"], told["error"]) == (value, result, None)


def test_execute_tells_what_went_wrong(driven):
    told = driven.call("execute", code="nothing.here")
    assert not told["success"]
    assert "nothing is not defined" in told["error"]
    assert told["screenshot"]
    assert "more than may be told" in driven.call("execute", code="'x'.repeat(2 ** 21)")["error"]


def test_close_releases_the_session(driven):
    assert driven.call("close") == {"success": True, "video": None}
    assert driven.api.get(f"sessions/{driven.id}").json()["status"] == "released"
    gone = driven.ask("snapshot")
    assert (gone.status_code, gone.json()["code"]) == (410, "session_ended")
    assert gone.json()["detail"] == f"session not found: {driven.id} (released)"


def test_a_session_that_nobody_used_is_expired(drive):
    driven = drive(idle_timeout=1)
    until(lambda: driven.api.get(f"sessions/{driven.id}").json()["status"] == "expired")
    gone = driven.ask("snapshot")
    assert (gone.status_code, gone.json()["code"]) == (410, "session_ended")
    assert gone.json()["detail"] == f"session not found: {driven.id} (expired)"


def test_a_page_that_hangs_costs_one_call_its_time_and_others_nothing(drive):
    hung, well = drive(), drive()
    hung.open("/hang")
    began = time.monotonic()
    answer = hung.ask("interact", action="click", selector="#hang", timeout=2)
    assert (answer.status_code, answer.json()["code"]) == (504, "deadline_exceeded")
    assert "does not respond" in answer.json()["detail"]
    assert 1.5 < time.monotonic() - began < 6
    [tab] = hung.api.get(f"sessions/{hung.id}/tabs").json()["items"]
    assert tab["unresponsive"]
    well.open("/links")
    assert hung.api.get(f"sessions/{hung.id}").json()["status"] == "running"
    hung.call("close")


def test_calls_of_a_session_are_done_in_order(driven):
    """Its page gives the second call what the first has left, though that takes its time."""
    driven.open("/links")
    slowly = "alert('It runs'), new Promise((done) => setTimeout(() => done(document.title = 'First'), 700))"
    with ThreadPoolExecutor() as pool:
        first = pool.submit(driven.says, slowly)
        until(lambda: driven.api.get(f"sessions/{driven.id}/events?kind=dialog").json()["items"])
        second = pool.submit(driven.says, "document.title")
    assert (first.result(), second.result()) == ("First", "First")


def test_releasing_a_session_ends_its_call(driven):
    driven.open("/dialogs")
    with ThreadPoolExecutor() as pool:
        call = pool.submit(driven.ask, "execute", code="alert('It runs'), new Promise(() => {})")
        until(lambda: driven.api.get(f"sessions/{driven.id}/events?kind=dialog").json()["items"])
        driven.api.post(f"sessions/{driven.id}/release", json={})
    assert (call.result().status_code, call.result().json()["code"]) == (410, "session_ended")


def test_releasing_a_session_ends_its_wait(driven):
    driven.open("/links")
    driven.says("setTimeout(() => alert('It waits'), 300), 1")
    with ThreadPoolExecutor() as pool:
        call = pool.submit(driven.ask, "interact", action="wait", wait_ms=30_000)
        until(lambda: driven.api.get(f"sessions/{driven.id}/events?kind=dialog").json()["items"])
        driven.api.post(f"sessions/{driven.id}/release", json={})
        assert call.result(timeout=10).json()["code"] == "session_ended"


def test_content_pdf_and_parts_of_a_page(driven):
    driven.open("/late")
    driven.act("click", selector="#begin")
    driven.act("wait", selector="#came")
    content = driven.call("content")
    assert "Came late" in content["content"]
    pdf = driven.call("pdf", format="a4", landscape=True)["pdf"]
    assert pdf["content_type"] == "application/pdf"
    assert driven.api.get(pdf["uri"]).content.startswith(b"%PDF")
    assert not driven.call("pdf", page_ranges="99-1")["success"]
    scraped = driven.call("scrape", elements=[{"selector": "button", "max": 1}, {"selector": "//h1"}])
    [button], [heading] = (each["results"] for each in scraped["elements"])
    assert button == {
        "text": "Begin", "html": '<button id="begin">Begin</button>', "attributes": {"id": "begin"}
    }  # fmt: skip
    assert heading["text"] == "Late"
    assert not driven.call("scrape", elements=[{"selector": "a[["}])["success"]


def test_cookies(driven):
    driven.open("/cookie?seen=1")
    url = driven.site.url("/")
    driven.call("cookies", action="set", cookies=[{"name": "a", "value": "b", "url": url, "http_only": True}])
    jar = {cookie["name"]: cookie for cookie in driven.call("cookies")["cookies"]}
    assert jar.keys() == {"seen", "a"}
    assert (jar["a"]["http_only"], jar["seen"]["http_only"]) == (True, False)
    assert jar["a"]["expires"] is None
    driven.call("cookies", action="clear", name="a")
    assert [cookie["name"] for cookie in driven.call("cookies")["cookies"]] == ["seen"]
    assert not driven.call("cookies", action="set", cookies=[{"name": "a", "value": "b"}])["success"]


async def test_a_dialog_is_left_to_who_may_answer_it(driven, api):
    driven.open("/dialogs")
    async with watching(api, driven.id) as watcher, asyncio.TaskGroup() as group:
        click = group.create_task(asyncio.to_thread(driven.act, "click", selector="#prompt"))
        dialog = await watcher.hear("dialog")
        await watcher.say("dialog", id=dialog["id"], accept=True, text="somebody")
    assert [dialog["answer"] for dialog in click.result()["dialogs"]] == ["left"]
    assert driven.call("content")["content"].count("said somebody") == 1


async def test_a_person_who_steers_is_not_disturbed(drive, api):
    refused, waits = drive(), drive(while_controlled="wait")
    async with watching(api, refused.id) as one, watching(api, waits.id) as two:
        for watcher, driven in ((one, refused), (two, waits)):
            await watcher.say("control", action="take")
            await asyncio.to_thread(until, partial(controller_of, driven))
        answer = await asyncio.to_thread(refused.ask, "snapshot")
        assert (answer.status_code, answer.json()["code"]) == (409, "paused_by_operator")
        late = await asyncio.to_thread(waits.ask, "snapshot", timeout=0.5)
        assert (late.status_code, late.json()["code"]) == (504, "deadline_exceeded")
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(asyncio.to_thread(waits.ask, "snapshot"))
            await two.say("control", action="release")
        assert waiting.result().status_code == 200


def controller_of(driven):
    return driven.api.get(f"sessions/{driven.id}").json()["controller"]
