"""What a tab, its frames and its workers are given before they run."""

from __future__ import annotations

from typing import Any

from sessions_app.engine.config import Geolocation, LaunchSpec, Look
from tests.engine.conftest import FakeBrowser, FakePipe

LOOK = Look(headers={"X-Team": "red"}, init_scripts=("one()", "two()"))
SCRIPT = "Page.addScriptToEvaluateOnNewDocument"
RUN = "Runtime.runIfWaitingForDebugger"


def browser(look: Look) -> FakeBrowser:
    browser = FakeBrowser()
    browser.tabs.give(LaunchSpec(session_id="s", look=look))
    return browser


def attach(pipe: FakePipe, session: str, kind: str, parent: str = "S1") -> list[str]:
    """Chromium attaches us to something inside a tab; what it is told."""
    pipe.sent.clear()
    info = {"targetId": session, "type": kind, "url": "", "title": ""}
    pipe.event("Target.attachedToTarget", {"sessionId": session, "targetInfo": info}, parent)
    assert {command["sessionId"] for command in pipe.sent} == {session}
    return [command["method"] for command in pipe.sent]


def given(pipe: FakePipe, method: str, session: str) -> list[dict[str, Any]]:
    return [command["params"] for command in pipe.commands(method) if command["sessionId"] == session]


async def test_a_plain_tab_is_left_alone() -> None:
    plain = browser(Look())
    for method in ("Target.setAutoAttach", SCRIPT, "Network.setExtraHTTPHeaders", "Browser.setPermission"):
        assert plain.pipe.commands(method) == []


async def test_the_tab_that_is_open_and_those_to_come() -> None:
    dressed = browser(LOOK)
    dressed.open_tab()
    for session in ("S1", "S2"):
        assert [params["source"] for params in given(dressed.pipe, SCRIPT, session)] == ["one()", "two()"]
        assert all(params["runImmediately"] for params in given(dressed.pipe, SCRIPT, session))
        assert given(dressed.pipe, "Network.setExtraHTTPHeaders", session) == [{"headers": {"X-Team": "red"}}]
    said = [command["method"] for command in dressed.pipe.sent if command.get("sessionId") == "S2"]
    assert said.index("Network.enable") < said.index("Network.setExtraHTTPHeaders") < said.index(RUN)
    assert said.index(SCRIPT) < said.index(RUN)


async def test_a_place_and_the_right_to_know_it() -> None:
    dressed = browser(Look(geolocation=Geolocation(latitude=1, longitude=2, accuracy=3)))
    place = {"latitude": 1, "longitude": 2, "accuracy": 3}
    assert given(dressed.pipe, "Emulation.setGeolocationOverride", "S1") == [place]
    allowed = {"permission": {"name": "geolocation"}, "setting": "granted"}
    assert dressed.pipe.last("Browser.setPermission")["params"] == allowed


async def test_a_frame_of_another_site_is_dressed_before_it_runs() -> None:
    pipe = browser(LOOK).pipe
    said = attach(pipe, "C1", "iframe")
    assert said[-1] == RUN
    assert {"Network.enable", "Network.setExtraHTTPHeaders", "Page.enable"} < set(said)
    assert said.count(SCRIPT) == 2
    assert "Target.setAutoAttach" in said


async def test_a_frame_in_a_frame_too() -> None:
    pipe = browser(LOOK).pipe
    attach(pipe, "C1", "iframe")
    assert attach(pipe, "C2", "iframe", parent="C1").count(SCRIPT) == 2


async def test_a_worker_has_headers_and_no_scripts() -> None:
    said = attach(browser(LOOK).pipe, "C1", "worker")
    assert "Network.setExtraHTTPHeaders" in said
    assert SCRIPT not in said
    assert said[-1] == RUN


async def test_without_headers_the_network_inside_is_not_watched() -> None:
    said = attach(browser(Look(init_scripts=("one()",))).pipe, "C1", "iframe")
    assert "Network.enable" not in said


async def test_what_is_inside_is_forgotten_with_its_tab() -> None:
    dressed = browser(LOOK)
    attach(dressed.pipe, "C1", "iframe")
    attach(dressed.pipe, "C2", "iframe")
    handlers = dressed.connection._handlers
    dressed.pipe.event("Target.detachedFromTarget", {"sessionId": "C1"}, "S1")
    assert ("C1" in handlers, "C2" in handlers) == (False, True)
    dressed.close_tab(1)
    assert "C2" not in handlers


async def test_what_pages_inside_ask_for_is_not_even_parsed() -> None:
    dressed = browser(LOOK)
    attach(dressed.pipe, "C1", "iframe")
    dressed.connection.receive(b'{"method":"Network.dataReceived","params":{broken,"sessionId":"C1"}')


async def test_the_cursor_is_drawn_in_a_world_of_its_own() -> None:
    [params] = given(browser(Look(show_cursor=True)).pipe, SCRIPT, "S1")
    assert params["worldName"] == "quarterdeck"
    assert "mousemove" in params["source"]
