"""Many DevTools clients on one browser: each sees its own sessions, ids and events, and none gets around the policy."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine.errors import BrowserClosed
from sessions_app.engine.mux import CdpClient, Mux
from tests.engine.conftest import FakePipe
from tests.waiting import turns

FOLDER = Path("/var/lib/sessions/browser-1")


class Client:
    """One client at the mux: `say` and what it `heard`."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.closed = 0
        self.commands = 0
        self.at: CdpClient

    async def attach(self, mux: Mux) -> None:
        self.at = await mux.attach(
            send=lambda data: self.heard.append(json.loads(data)),
            on_close=self._close,
            on_command=self._count,
        )

    def _close(self) -> None:
        self.closed += 1

    def _count(self) -> None:
        self.commands += 1

    def say(self, number: Any, method: Any, params: Any = None, **more: Any) -> None:
        message = {"id": number, "method": method, **more}
        if params is not None:
            message["params"] = params
        self.at.receive(json.dumps(message))

    @property
    def error(self) -> str:
        return str(self.heard[-1]["error"]["message"])


class Switchboard:
    """A mux on a pipe that remembers; its clients have the root sessions R1, R2 …"""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.mux = Mux(self.pipe.connection, FOLDER)
        self._roots = 0

    async def client(self) -> Client:
        client = Client()
        self._roots += 1
        async with asyncio.TaskGroup() as group:
            group.create_task(client.attach(self.mux))
            await turns()
            self.pipe.answer(self.pipe.sent[-1], {"sessionId": f"R{self._roots}"})
        return client

    def give(self, parent: str, session: str, kind: str = "page", url: str = "https://example.com/") -> None:
        """Chromium attaches a session below a client's."""
        info = {"targetId": f"target of {session}", "type": kind, "url": url}
        self.pipe.event("Target.attachedToTarget", {"sessionId": session, "targetInfo": info}, parent)


@pytest.fixture
async def board() -> Switchboard:
    return Switchboard()


@pytest.fixture
async def client(board: Switchboard) -> Client:
    return await board.client()


async def test_ids_are_ours_on_the_pipe_and_theirs_again_in_the_reply(board: Switchboard) -> None:
    one, two = await board.client(), await board.client()
    for client in (one, two):
        client.say(7, "Browser.getVersion")
    first, second = board.pipe.commands("Browser.getVersion")
    assert first["id"] != second["id"]
    assert (first["sessionId"], second["sessionId"]) == ("R1", "R2")
    board.pipe.answer(second, {"product": "two"})
    board.pipe.answer(first, {"product": "one"})
    assert one.heard == [{"id": 7, "result": {"product": "one"}}]
    assert two.heard == [{"id": 7, "result": {"product": "two"}}]
    assert (one.commands, two.commands) == (1, 1)


async def test_an_error_of_chromium_is_passed_on(board: Switchboard, client: Client) -> None:
    client.say(1, "Browser.getVersion")
    board.pipe.answer(board.pipe.sent[-1], error={"code": -32000, "message": "No"})
    assert client.heard == [{"id": 1, "error": {"code": -32000, "message": "No"}}]


async def test_a_session_below_is_named_in_both_ways(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    client.say(1, "Page.enable", sessionId="P1")
    command = board.pipe.last("Page.enable")
    assert command["sessionId"] == "P1"
    board.pipe.answer(command)
    board.pipe.event("Page.loadEventFired", {"timestamp": 1}, "P1")
    assert client.heard[0]["method"] == "Target.attachedToTarget"
    assert client.heard[0]["params"]["sessionId"] == "P1"
    assert "sessionId" not in client.heard[0]
    assert client.heard[1:] == [
        {"id": 1, "result": {}, "sessionId": "P1"},
        {"method": "Page.loadEventFired", "params": {"timestamp": 1}, "sessionId": "P1"},
    ]


async def test_a_session_below_a_session_is_routed_too(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    board.give("P1", "W1")
    board.pipe.event("Runtime.consoleAPICalled", {"n": 1}, "W1")
    assert client.heard[-1] == {"method": "Runtime.consoleAPICalled", "params": {"n": 1}, "sessionId": "W1"}
    assert client.heard[-2]["sessionId"] == "P1"
    client.say(1, "Runtime.enable", sessionId="W1")
    assert board.pipe.sent[-1]["sessionId"] == "W1"


async def test_the_proxys_credentials_are_nobodys(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    headers = {"Proxy-Authorization": "Basic x", "Cookie": "a=b"}
    board.pipe.event("Network.requestWillBeSentExtraInfo", {"requestId": "1", "headers": headers}, "P1")
    assert client.heard[-1]["params"]["headers"] == {"Cookie": "a=b"}


@pytest.mark.parametrize("method", ["Page.enable", "Runtime.evaluate", "Browser.close"])
async def test_a_session_of_somebody_else_does_not_exist(board: Switchboard, method: str) -> None:
    one, two = await board.client(), await board.client()
    board.give("R2", "P2")
    for foreign in ("P2", "R2", "R1", "made-up", ""):
        before = len(board.pipe.sent)
        one.say(1, method, sessionId=foreign)
        assert one.heard[-1] == {
            "id": 1,
            "error": {"code": -32001, "message": "Session with given id not found."},
            "sessionId": foreign,
        }
        assert len(board.pipe.sent) == before
    assert two.heard[1:] == []
    assert one.closed == 0


async def test_a_client_cannot_detach_somebody_elses_session(board: Switchboard) -> None:
    one, two = await board.client(), await board.client()
    board.give("R1", "P1")
    board.give("R2", "P2")
    before = len(board.pipe.sent)
    for foreign in ("P2", "R2", "S1"):
        one.say(1, "Target.detachFromTarget", {"sessionId": foreign})
        assert one.error == "No session with given id."
    assert len(board.pipe.sent) == before
    one.say(2, "Target.detachFromTarget", {"sessionId": "P1"})
    assert board.pipe.sent[-1]["params"] == {"sessionId": "P1"}
    assert two.closed == 0


async def test_a_detached_session_is_nobodys(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    board.pipe.event("Target.detachedFromTarget", {"sessionId": "P1"}, "R1")
    assert client.heard[-1]["method"] == "Target.detachedFromTarget"
    board.pipe.event("Page.loadEventFired", {}, "P1")
    client.say(1, "Page.enable", sessionId="P1")
    assert client.error == "Session with given id not found."
    assert [message["method"] for message in client.heard if "method" in message] == [
        "Target.attachedToTarget",
        "Target.detachedFromTarget",
    ]


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("browser_ui", "chrome://omnibox-popup.top-chrome/"),
        ("other", ""),
        ("page", "chrome://newtab/"),
        ("page", "devtools://devtools/bundled/devtools_app.html"),
        ("iframe", "chrome-untrusted://new-tab-page/"),
    ],
)
async def test_the_browsers_own_windows_are_out_of_reach(
    board: Switchboard, client: Client, kind: str, url: str
) -> None:
    client.say(1, "Target.attachToTarget", {"targetId": "X", "flatten": True})
    command = board.pipe.sent[-1]
    board.give("R1", "X1", kind, url)
    board.pipe.answer(command, {"sessionId": "X1"})
    board.pipe.event("Target.detachedFromTarget", {"sessionId": "X1"}, "R1")
    detach = board.pipe.last("Target.detachFromTarget")
    assert (detach["params"], detach["sessionId"]) == ({"sessionId": "X1"}, "R1")
    assert client.heard == [{"id": 1, "error": {"code": -32000, "message": "This target is no page."}}]
    client.say(2, "Runtime.evaluate", {"expression": "1"}, sessionId="X1")
    assert client.error == "Session with given id not found."


@pytest.mark.parametrize("kind", ["page", "iframe", "worker", "service_worker", "tab"])
async def test_pages_and_what_belongs_to_them_are_within_reach(
    board: Switchboard, client: Client, kind: str
) -> None:
    client.say(1, "Target.attachToTarget", {"targetId": "X", "flatten": True})
    command = board.pipe.sent[-1]
    board.give("R1", "X1", kind, "about:blank")
    board.pipe.answer(command, {"sessionId": "X1"})
    assert client.heard[-1] == {"id": 1, "result": {"sessionId": "X1"}}


async def test_browser_close_ends_the_client_only(board: Switchboard) -> None:
    one, two = await board.client(), await board.client()
    board.give("R1", "P1")
    one.say(9, "Browser.close")
    assert one.heard[-1] == {"id": 9, "result": {}}
    assert (one.closed, two.closed) == (1, 0)
    assert board.pipe.commands("Browser.close") == []
    assert board.pipe.last("Target.detachFromTarget")["params"] == {"sessionId": "R1"}
    heard = len(one.heard)
    board.pipe.event("Page.loadEventFired", {}, "P1")
    one.say(10, "Browser.getVersion")
    assert len(one.heard) == heard
    two.say(1, "Browser.getVersion")
    assert board.pipe.sent[-1]["sessionId"] == "R2"


async def test_browser_close_by_a_session_below_is_answered_there(board: Switchboard) -> None:
    client, asked = await board.client(), asyncio.Event()
    client.at.on_browser_close = asked.set
    board.give("R1", "P1")
    client.say(9, "Browser.close", sessionId="P1")
    assert client.heard[-1] == {"id": 9, "result": {}, "sessionId": "P1"}
    assert asked.is_set()


async def test_going_is_not_closing_the_browser(board: Switchboard) -> None:
    client, asked = await board.client(), asyncio.Event()
    client.at.on_browser_close = asked.set
    client.at.close()
    assert not asked.is_set()


async def test_what_chromium_owes_an_answer_to_is_counted(board: Switchboard, client: Client) -> None:
    for number in (1, 2):
        client.say(number, "Browser.getVersion")
    first, second = board.pipe.commands("Browser.getVersion")
    both = client.at.unanswered_bytes
    board.pipe.answer(second)
    assert both == 2 * client.at.unanswered_bytes > 0
    client.say(3, "Browser.crash")
    board.pipe.answer(first)
    assert client.at.unanswered_bytes == 0


async def test_a_reply_after_the_end_is_dropped(board: Switchboard, client: Client) -> None:
    client.say(1, "Browser.getVersion")
    command = board.pipe.sent[-1]
    client.at.close()
    board.pipe.answer(command)
    assert client.heard == []
    assert repr(board.mux) == "<Mux clients=0>"


async def test_a_client_that_hangs_up_is_told_once_and_detached_once(
    board: Switchboard, client: Client
) -> None:
    client.at.close()
    client.at.close()
    assert client.closed == 1
    assert len(board.pipe.commands("Target.detachFromTarget")) == 1


async def test_the_browsers_end_closes_every_client(board: Switchboard) -> None:
    clients = [await board.client(), await board.client()]
    clients[0].say(1, "Browser.getVersion")
    board.pipe.connection.close()
    board.mux.close()
    assert [client.closed for client in clients] == [1, 1]
    assert clients[0].heard == []
    with pytest.raises(BrowserClosed):
        await Client().attach(board.mux)


@pytest.mark.parametrize(
    "data",
    [
        "{", b"\xff", "[" * 100_000, "[]", "1", "null", "{}", '{"id": 1}', '{"method": "Browser.getVersion"}',
        '{"id": "1", "method": "Browser.getVersion"}', '{"id": true, "method": "Browser.getVersion"}',
        '{"id": 1.5, "method": "Browser.getVersion"}', '{"id": 1, "method": 2}',
        '{"id": 1, "method": "Browser.getVersion", "params": [1]}',
        '{"id": 1, "method": "Browser.getVersion", "sessionId": 5}',
    ],
)  # fmt: skip
async def test_what_is_no_command_is_answered_and_goes_no_further(
    board: Switchboard, client: Client, data: bytes | str
) -> None:
    before = len(board.pipe.sent)
    client.at.receive(data)
    assert client.heard[-1]["error"]["code"] == -32600
    assert len(board.pipe.sent) == before
    assert client.commands == 0


async def test_a_refused_command_is_answered_and_goes_no_further(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    before = len(board.pipe.sent)
    client.say(3, "Page.navigate", {"url": "file:///etc/passwd"}, sessionId="P1")
    assert client.heard[-1]["id"] == 3
    assert client.heard[-1]["sessionId"] == "P1"
    assert client.heard[-1]["error"]["code"] == -32000
    assert "is refused" in client.error
    assert len(board.pipe.sent) == before


async def test_a_rewritten_command_goes_with_our_parameters(board: Switchboard, client: Client) -> None:
    client.say(3, "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": "/etc"})
    assert board.pipe.sent[-1]["params"] == {
        "behavior": "allowAndName",
        "downloadPath": str(FOLDER / "downloads"),
    }


async def test_what_is_so_anyway_is_answered_and_goes_no_further(board: Switchboard, client: Client) -> None:
    board.give("R1", "P1")
    before = len(board.pipe.sent)
    client.say(3, "Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": "/etc"}, sessionId="P1")
    assert client.heard[-1] == {"id": 3, "result": {}, "sessionId": "P1"}
    assert len(board.pipe.sent) == before


async def test_whoever_leaves_is_told_of(board: Switchboard, client: Client) -> None:
    left: list[str] = []
    board.mux.on_leaving = lambda: left.append(board.pipe.sent[-1]["method"])
    client.at.close()
    client.at.close()
    assert left == ["Target.detachFromTarget"]


async def test_parameters_may_be_left_out_or_null(board: Switchboard, client: Client) -> None:
    client.at.receive('{"id": 1, "method": "Browser.getVersion", "params": null}')
    assert board.pipe.sent[-1]["params"] == {}
    assert repr(client.at) == "<CdpClient sessions=1>"
