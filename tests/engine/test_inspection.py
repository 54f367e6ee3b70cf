"""What pages do becomes notes for the timeline: the right ones, in few words, and never too many."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions_app.engine import inspection
from sessions_app.engine.events import EngineEvent, Noted
from sessions_app.engine.inspection import BURST, LONGEST, RELEASE_EVERY, Inspector
from sessions_app.engine.pipe import LONGEST_CHATTER, Splitter
from sessions_app.engine.requests import MAX_OPEN
from sessions_app.engine.tab import Tab, TabListener
from tests.engine.conftest import Clock, FakeBrowser, FakePipe
from tests.waiting import until


class Page:
    """A tab whose page does as it is told, and the notes that come of it."""

    def __init__(self, clock: Clock) -> None:
        self.pipe = FakePipe()
        self.heard: list[Noted] = []
        self.refuses = False
        self.inspector = Inspector(clock)
        self.inspector.begin("ses_1", self._hear)
        info = {"targetId": "T1", "url": "about:blank", "title": "", "type": "page"}
        self.tab = Tab(7, info, "S1", self.pipe.connection, TabListener(), self.inspector)

    def _hear(self, event: EngineEvent) -> bool:
        assert isinstance(event, Noted)
        if self.refuses:
            return False
        self.heard.append(event)
        return True

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [note.data for note in self.heard]

    def does(self, method: str, **params: Any) -> None:
        self.pipe.event(method, params, "S1")

    def logs(self, *args: Any, type: str = "log") -> None:
        self.does("Runtime.consoleAPICalled", type=type, args=[remote(arg) for arg in args])

    def sends(self, request: str, url: str, *, method: str = "GET", at: float = 10.0, **more: Any) -> None:
        asked = {"url": url, "method": method}
        self.does(
            "Network.requestWillBeSent", requestId=request, request=asked, timestamp=at, type="Fetch", **more
        )

    def finishes(self, request: str, *, at: float = 10.5, size: float = 321) -> None:
        self.does("Network.loadingFinished", requestId=request, timestamp=at, encodedDataLength=size)


def remote(value: Any) -> dict[str, Any]:
    return {"type": "string" if isinstance(value, str) else "number", "value": value}


def answer(status: int = 200, **more: Any) -> dict[str, Any]:
    return {"status": status, "mimeType": "text/html", "encodedDataLength": 99, **more}


@pytest.fixture
async def page(clock: Clock) -> Page:
    return Page(clock)


class TestWatching:
    async def test_it_begins_before_the_page_runs(self, page: Page) -> None:
        page.tab.prepare(None)
        methods = [command["method"] for command in page.pipe.sent]
        runs = methods.index("Runtime.runIfWaitingForDebugger")
        assert {"Network.enable", "Log.enable", "Runtime.enable", "Performance.enable"} <= set(methods[:runs])

    async def test_bodies_are_not_kept_in_the_browser_for_us(self, page: Page) -> None:
        page.tab.prepare(None)
        asked = page.pipe.last("Network.enable")["params"]
        assert (asked["maxTotalBufferSize"], asked["maxResourceBufferSize"]) == (0, 0)

    async def test_a_session_hears_of_the_tabs_of_its_browser(self) -> None:
        browser = FakeBrowser()
        told: list[Any] = []
        browser.tabs.inspector.begin("ses_1", told.append)
        browser.open_tab()
        said = {"type": "log", "args": [remote("hello")]}
        browser.pipe.event("Runtime.consoleAPICalled", said, "S2")
        [note] = told
        assert (note.session_id, note.kind, note.data["tab"], note.data["text"]) == (
            "ses_1",
            "console",
            2,
            "hello",
        )
        await browser.aclose()

    async def test_a_warm_browser_has_nobody_to_tell(self) -> None:
        browser = FakeBrowser()
        browser.pipe.event("Runtime.consoleAPICalled", {"type": "log", "args": [remote("hello")]}, "S1")
        await browser.aclose()


class TestConsole:
    async def test_a_line(self, page: Page) -> None:
        frame = {"url": "https://example.com/a.js", "lineNumber": 4}
        page.does(
            "Runtime.consoleAPICalled", type="warning", args=[remote("n is"), remote(3)],
            stackTrace={"callFrames": [frame]},
        )  # fmt: skip
        [note] = page.heard
        assert note.kind == "console"
        assert note.data == {
            "tab": 7, "level": "warning", "text": "n is 3", "url": "https://example.com/a.js", "line": 5
        }  # fmt: skip

    async def test_calls_that_say_nothing(self, page: Page) -> None:
        page.logs(type="clear")
        page.logs(type="endGroup")
        assert page.notes == []

    async def test_an_exception(self, page: Page) -> None:
        thrown = {"type": "object", "subtype": "error", "description": "Error: boom\n    at a.js:5"}
        details = {
            "text": "Uncaught",
            "url": "https://example.com/a.js",
            "lineNumber": 4,
            "exception": thrown,
        }
        page.does("Runtime.exceptionThrown", exceptionDetails=details)
        [note] = page.heard
        assert (note.kind, note.data["text"]) == ("error", "Uncaught Error: boom\n    at a.js:5")
        assert (note.data["url"], note.data["line"]) == ("https://example.com/a.js", 5)

    async def test_what_the_browser_itself_says(self, page: Page) -> None:
        page.does("Log.entryAdded", entry={"source": "security", "level": "verbose", "text": "Mixed content"})
        assert page.notes == [{"tab": 7, "level": "debug", "source": "security", "text": "Mixed content"}]

    async def test_half_a_character_does_not_cost_the_line(self, page: Page) -> None:
        said = json.dumps({"type": "log", "args": [{"type": "string", "value": "a\ud800b"}]})
        message = f'{{"method":"Runtime.consoleAPICalled","params":{said},"sessionId":"S1"}}'
        page.pipe.connection.receive(message.encode())
        assert page.notes[0]["text"] == "a?b"

    async def test_what_was_logged_is_let_go_in_the_page(self, page: Page) -> None:
        for _ in range(RELEASE_EVERY):
            page.logs("a")
        [command] = page.pipe.commands("Runtime.releaseObjectGroup")
        assert (command["params"], command["sessionId"]) == ({"objectGroup": "console"}, "S1")


class TestNetwork:
    async def test_a_request_is_one_note_when_it_is_finished(self, page: Page) -> None:
        page.sends("R1", "https://example.com/a", method="POST", at=10.0)
        page.does("Network.responseReceived", requestId="R1", response=answer(201))
        assert page.notes == []
        page.finishes("R1", at=10.25)
        [note] = page.heard
        assert note.kind == "network"
        assert note.data == {
            "tab": 7, "method": "POST", "url": "https://example.com/a", "status": 201, "type": "Fetch",
            "mime": "text/html", "bytes": 321, "ms": 250, "cached": False, "error": None,
            "request": page.inspector.ledger.newest,
        }  # fmt: skip
        page.finishes("R1")
        assert len(page.heard) == 1

    async def test_one_that_fails(self, page: Page) -> None:
        page.sends("R1", "https://example.com/a")
        page.does(
            "Network.loadingFailed", requestId="R1", timestamp=11.0, errorText="net::ERR_NAME_NOT_RESOLVED"
        )
        [note] = page.notes
        assert (note["status"], note["bytes"], note["ms"]) == (None, None, 1000)
        assert note["error"] == "net::ERR_NAME_NOT_RESOLVED"

    async def test_every_step_of_a_redirect(self, page: Page) -> None:
        page.sends("R1", "https://example.com/a")
        page.sends("R1", "https://example.com/b", at=10.1, redirectResponse=answer(302))
        page.does("Network.responseReceived", requestId="R1", response=answer(200))
        page.finishes("R1")
        steps = [(note["url"][-1], note["status"], note["bytes"]) for note in page.notes]
        assert steps == [("a", 302, 99), ("b", 200, 321)]

    @pytest.mark.parametrize("how", ["memory", "disk"])
    async def test_one_from_the_cache(self, page: Page, how: str) -> None:
        page.sends("R1", "https://example.com/a")
        if how == "memory":
            page.does("Network.requestServedFromCache", requestId="R1")
        page.does("Network.responseReceived", requestId="R1", response=answer(fromDiskCache=how == "disk"))
        page.finishes("R1", size=0)
        assert page.notes[0]["cached"] is True

    async def test_a_socket_when_it_is_closed(self, page: Page) -> None:
        page.does("Network.webSocketCreated", requestId="W1", url="wss://example.com/")
        page.does("Network.webSocketHandshakeResponseReceived", requestId="W1", response={"status": 101})
        page.does("Network.webSocketFrameError", requestId="W1", errorMessage="broken")
        page.does("Network.webSocketClosed", requestId="W1", timestamp=12.0)
        [note] = page.notes
        assert (note["type"], note["status"], note["ms"], note["error"]) == ("WebSocket", 101, None, "broken")

    async def test_an_address_with_its_content_in_it(self, page: Page) -> None:
        page.sends("R1", "data:text/plain," + "x" * 5_000)
        page.finishes("R1")
        assert len(page.notes[0]["url"]) == 100

    async def test_what_began_before_us_or_never_ends(self, page: Page) -> None:
        page.finishes("before us")
        page.does("Network.responseReceived", requestId="before us", response=answer())
        page.does("Network.loadingFailed", requestId="before us", timestamp=1.0, errorText="gone")
        page.does("Network.requestServedFromCache", requestId="before us")
        for number in range(MAX_OPEN + 1):
            page.sends(f"R{number}", "https://example.com/stream")
        page.finishes("R0")
        assert page.notes == []
        page.finishes("R1")
        assert len(page.notes) == 1

    async def test_headers_and_frames_of_sockets_are_not_even_parsed(self, page: Page) -> None:
        for method in (
            "Network.requestWillBeSentExtraInfo",
            "Network.webSocketFrameReceived",
            "Network.dataReceived",
        ):
            page.pipe.connection.receive(f'{{"method":"{method}",broken,"sessionId":"S1"}}'.encode())
        assert page.notes == []

    async def test_headers_go_to_the_ledger(self, page: Page) -> None:
        page.sends("R1", "https://example.com/")
        page.does("Network.requestWillBeSentExtraInfo", requestId="R1", headers={"Host": "example.com"})
        [exchange] = page.inspector.ledger.read().exchanges
        assert (exchange.tab, exchange.frame, len(exchange.messages)) == (7, "T1", 2)

    async def test_how_far_a_page_has_come(self, page: Page) -> None:
        page.does("Page.domContentEventFired", timestamp=1.0)
        page.does("Page.loadEventFired", timestamp=2.0)
        marks = [(mark.tab, mark.name, mark.at) for mark in page.inspector.ledger.read().marks]
        assert marks == [(7, "onContentLoad", 1.0), (7, "onLoad", 2.0)]


class TestTooMuch:
    async def test_a_flood_is_counted(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inspection, "TELL_DROPPED_AFTER", 0.0)
        for number in range(int(BURST) + 40):
            page.logs(number)
        assert len(page.heard) == BURST
        await until(lambda: len(page.heard) > BURST)
        assert (page.heard[-1].kind, page.heard[-1].data) == ("console", {"what": "dropped", "count": 40})

    async def test_it_ends(self, page: Page, clock: Clock) -> None:
        for number in range(int(BURST) + 1):
            page.logs(number)
        clock.now += 0.105
        for number in range(20):
            page.logs(number)
        assert len(page.heard) == BURST + 10
        page.inspector.close()
        assert page.notes[-1] == {"what": "dropped", "count": 11}

    async def test_requests_beyond_it_are_counted_apart(self, page: Page) -> None:
        for number in range(int(BURST)):
            page.logs(number)
        page.sends("R1", "https://example.com/")
        page.finishes("R1")
        page.does("Runtime.exceptionThrown", exceptionDetails={"text": "Uncaught"})
        page.inspector.close()
        dropped = {note.kind: note.data for note in page.heard[int(BURST) :]}
        assert dropped == {
            "network": {"what": "dropped", "count": 1}, "error": {"what": "dropped", "count": 1}
        }  # fmt: skip

    async def test_what_the_host_cannot_take_is_counted(self, page: Page) -> None:
        page.refuses = True
        page.logs("lost")
        page.refuses = False
        page.inspector.close()
        assert page.notes == [{"what": "dropped", "count": 1}]

    async def test_a_long_line_is_cut_and_a_giant_one_dropped(self, page: Page) -> None:
        page.logs("x" * 10_000)
        assert len(page.notes[0]["text"]) == 2_000
        page.logs("x" * LONGEST)
        page.inspector.close()
        assert page.notes[1:] == [{"what": "dropped", "count": 1}]

    def test_half_a_gigabyte_is_not_held_in_memory(self) -> None:
        splitter, piece = Splitter(), b"x" * (1 << 20)
        begins = b'{"method":"Runtime.consoleAPICalled",'
        assert splitter.feed(b"one\0" + begins) == [b"one"]
        for _ in range(20):
            assert splitter.feed(piece) == []
            assert sum(map(len, splitter._parts)) <= LONGEST_CHATTER + len(piece)
        assert splitter.feed(b"the end\0two\0") == [b"two"]
        assert splitter.feed(b"three\0") == [b"three"]

    def test_long_answers_and_frames_pass(self) -> None:
        splitter, piece = Splitter(), b"x" * (1 << 20)
        splitter.feed(b'{"id":1,')
        for _ in range(20):
            splitter.feed(piece)
        [message] = splitter.feed(b"\0")
        assert len(message) == 8 + 20 * len(piece)
