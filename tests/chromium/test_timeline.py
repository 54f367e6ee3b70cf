"""What real pages do is noted, and nobody else is disturbed by it."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine.events import Noted
from tests.chromium.conftest import Client, Ear, Launch, Watcher, evaluate
from tests.chromium.site import Site
from tests.colours import LIME, RED
from tests.waiting import until


def notes(ear: Ear, kind: str) -> list[dict[str, Any]]:
    return [event.data for event in ear.heard if isinstance(event, Noted) and event.kind == kind]


@pytest.mark.parametrize("image", ["browser_latest", "chromium"])
async def test_a_page_with_a_frame(launch: Launch, ear: Ear, site: Site, image: str) -> None:
    session = await launch("/framed", image_id=image)
    await until(
        lambda: {note["url"] for note in notes(ear, "network")} >= {site.url("/framed"), site.url("/red")}
    )
    [page] = [note for note in notes(ear, "network") if note["url"] == site.url("/framed")]
    assert (page["tab"], page["method"], page["status"], page["type"]) == (1, "GET", 200, "Document")
    assert (page["mime"], page["error"], page["cached"]) == ("text/html", None, False)
    assert page["bytes"] > 100
    assert 0 <= page["ms"] < 5_000
    await evaluate(
        session, "frames[0].console.warn('from the frame', {a: 1}); setTimeout(() => { throw Error('boom') })"
    )
    await until(lambda: notes(ear, "error"))
    said = {(note["level"], note["text"]) for note in notes(ear, "console")}
    assert ("warning", "from the frame {a: 1}") in said
    assert notes(ear, "error")[0]["text"].startswith("Uncaught Error: boom")


async def test_requests_that_fail_and_that_are_sent_elsewhere(launch: Launch, ear: Ear, site: Site) -> None:
    session = await launch("/red")
    await evaluate(session, "fetch('http://127.0.0.1:9/').catch(() => 0)")
    await evaluate(session, "fetch('/redirect?to=/blue').then((answer) => answer.text())")
    await until(lambda: any(note["url"] == site.url("/blue") for note in notes(ear, "network")))
    by_url = {note["url"]: note for note in notes(ear, "network")}
    assert by_url["http://127.0.0.1:9/"]["error"].startswith("net::ERR_")
    assert by_url[site.url("/redirect?to=/blue")]["status"] == 302


async def test_a_download_and_what_became_of_it(launch: Launch, ear: Ear, site: Site) -> None:
    session = await launch("/red")
    session.navigate(site.url("/download"))
    await until(lambda: len(notes(ear, "download")) == 2)
    begun, over = notes(ear, "download")
    assert begun == {"what": "begun", "tab": 1, "name": "cargo.bin", "url": site.url("/download")}
    assert over == {
        "what": "completed",
        "tab": 1,
        "name": "cargo.bin",
        "bytes": 5,
        "file": "downloads/cargo.bin",
    }


async def test_a_line_with_half_a_character(launch: Launch, ear: Ear) -> None:
    session = await launch("/red")
    await evaluate(session, "console.log('a\\ud800b')")
    await until(lambda: notes(ear, "console"))
    assert notes(ear, "console")[0]["text"] == "a?b"


async def test_a_giant_line_is_counted_and_the_view_goes_on(launch: Launch, ear: Ear) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    await evaluate(session, "console.log('x'.repeat(1e6)); console.log('after'); paint('lime')")
    await watcher.until_it_sees(LIME)
    await until(lambda: {"what": "dropped", "count": 1} in notes(ear, "console"))
    assert [note["text"] for note in notes(ear, "console") if "text" in note] == ["after"]


async def test_a_client_has_the_same_domains_to_itself(launch: Launch, ear: Ear, site: Site) -> None:
    """We keep no bodies; a client that wants them gets them all the same."""
    session = await launch("/red")
    client = Client()
    await client.attach(session)
    page = await client.page()
    await client.call("Network.enable", session=page)
    await client.call("Runtime.enable", session=page)
    await client.call("Page.navigate", {"url": site.url("/blue")}, page)
    await until(lambda: any(event["method"] == "Network.loadingFinished" for event in client.events))
    [finished] = [event for event in client.events if event["method"] == "Network.loadingFinished"]
    body = await client.call("Network.getResponseBody", {"requestId": finished["params"]["requestId"]}, page)
    assert "<title>blue</title>" in body["body"]
    await client.call("Runtime.evaluate", {"expression": "console.log('x'.repeat(1e6))"}, page)
    await until(lambda: any(event["method"] == "Runtime.consoleAPICalled" for event in client.events))
    client.at.close()
    await evaluate(session, "fetch('/green').catch(() => 0)")
    await until(lambda: any(note["url"] == site.url("/green") for note in notes(ear, "network")))
