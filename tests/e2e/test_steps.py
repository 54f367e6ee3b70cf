"""Lists of steps, as a program sends them to a real server."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    import httpx

    from tests.site.server import Playground


def _do(api: httpx.Client, path: str, steps: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    answer = api.post(path, json={"steps": steps, **more})
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def test_a_new_session_does_them_and_stays(api: httpx.Client, playground: Playground) -> None:
    first = _do(
        api,
        "steps",
        [
            {"action": "go", "url": "{{site}}/form"},
            {"action": "write", "selector": "#name", "value": "{{who}}"},
            {"action": "screenshot"},
        ],
        params={"site": playground.url("").removesuffix("/"), "who": "Ada"},
        session={"viewport": {"width": 640, "height": 480}, "labels": {"made": "by-steps"}},
    )
    assert first["success"], first
    picture = api.get(first["result"]["uri"])
    assert Image.open(io.BytesIO(picture.content)).size == (640, 480)
    session = api.get(f"sessions/{first['session_id']}").json()
    assert (session["status"], session["labels"]) == ("running", {"made": "by-steps"})
    own = f"sessions/{session['id']}/steps"
    second = _do(api, own, [{"type": "click", "selector": "#send"}, {"type": "getText", "selector": "#name"}])
    assert second["result"] == "Ada"
    assert [result["action"] for result in second["results"]] == ["click", "getText"]
    api.post(f"sessions/{session['id']}/release", json={})
    ended = api.post(own, json={"steps": [{"action": "reload"}]})
    assert (ended.status_code, ended.json()["code"]) == (410, "session_ended")


def test_what_was_uploaded_is_given_to_a_page(api: httpx.Client, playground: Playground) -> None:
    session = api.post("sessions", json={"url": playground.url("/upload")}).json()
    assert api.put(f"sessions/{session['id']}/files/notes.txt", content=b"notes").status_code in (200, 201)
    outcome = _do(
        api,
        f"sessions/{session['id']}/steps",
        [
            {"action": "uploadFile", "selector": "#one", "filePaths": ["notes.txt"]},
            {"action": "wait", "function": "out.textContent"},
            {"action": "getText", "selector": "#out"},
        ],
    )
    assert outcome["result"].strip() == "one: notes.txt (5) notes"


def test_one_list_that_takes_long_holds_no_other_session_up(
    api: httpx.Client, playground: Playground
) -> None:
    urls = [playground.url("/hang"), playground.url("/article")]
    hangs, other = (api.post("sessions", json={"url": url}).json()["id"] for url in urls)
    title = [{"action": "getText", "selector": "h1"}]
    assert [_do(api, f"sessions/{each}/steps", title)["result"] for each in (hangs, other)] == [
        "Hang",
        "The harbour",
    ]
    with ThreadPoolExecutor() as pool:
        click = [{"action": "click", "selector": "#hang"}, *title]
        slow = pool.submit(_do, api, f"sessions/{hangs}/steps", click, timeout=4)
        began = time.monotonic()
        assert _do(api, f"sessions/{other}/steps", title)["success"]
        assert time.monotonic() - began < 3
        outcome = slow.result()
    assert (outcome["success"], outcome["results"][-1]["error"]) == (False, "the time of the call was over")


def test_steps_that_cannot_be_are_named(api: httpx.Client) -> None:
    before = api.get("sessions").json()["total"]
    for step, field, code in (
        ({"action": "fly"}, "steps.0.action", "invalid_request"),
        ({"action": "go", "url": "file:///etc/passwd"}, "steps.0.url", "address_refused"),
    ):
        answer = api.post("steps", json={"steps": [step]})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["field"] == field
    assert api.get("sessions").json()["total"] == before
