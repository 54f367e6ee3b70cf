"""What a page says in its console, asks of the network, breaks and downloads: entries for the session's timeline."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from sessions_app.engine import events, remarks
from sessions_app.engine.ledger import Ledger
from sessions_app.engine.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message, Params
    from sessions_app.engine.events import NoteKind
    from sessions_app.engine.ledger import MarkName

# A page may say as much as it likes; this much of it is noted, in entries.
NOTES_PER_SECOND = 100.0
BURST = 500.0
# Longer messages are not even parsed: a page's megabytes must not hold up the frames of others.
LONGEST = 512 << 10
TELL_DROPPED_AFTER = 1.0
# Chromium keeps what a page logs alive for us until we let it go.
RELEASE_EVERY = 500

_CONSOLE = (b'{"method":"Runtime.consoleAPICalled"', b'{"method":"Log.entryAdded"')
_ERROR = b'{"method":"Runtime.exceptionThrown"'
_NETWORK = tuple(
    f'{{"method":"{method}"'.encode()
    for method in (
        "Network.requestWillBeSent",
        "Network.requestServedFromCache",
        "Network.responseReceived",
        "Network.loadingFinished",
        "Network.loadingFailed",
        "Network.webSocketCreated",
        "Network.webSocketHandshakeResponseReceived",
        "Network.webSocketFrameError",
        "Network.webSocketClosed",
    )
)
# Nothing that is noted stands in them; the ledger keeps them as they are.
_FOR_LEDGER = tuple(
    f'{{"method":"Network.{method}"'.encode()
    for method in (
        "dataReceived",
        "requestWillBeSentExtraInfo",
        "responseReceivedExtraInfo",
        "webSocketWillSendHandshakeRequest",
    )
)


class Inspector:
    """Takes the notes of one browser's tabs, as many as may be, and says how many there were beside; ends by `close`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.ledger = Ledger()
        self._clock = clock
        self._tell: Callable[[NoteKind, dict[str, Any]], object] = lambda _kind, _data: None
        self._left = BURST
        self._at = clock()
        self._dropped: Counter[NoteKind] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<Inspector left={self._left:.0f} dropped={self._dropped.total()}>"

    def begin(self, session_id: str, tell: Callable[[events.EngineEvent], object]) -> None:
        """A session uses this browser from now on; `tell` answers False to what it cannot take."""
        self._tell = lambda kind, data: tell(events.Noted(session_id=session_id, kind=kind, data=data))

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._say_dropped()

    def note(self, kind: NoteKind, data: dict[str, Any]) -> None:
        if not self.has_room():
            self.drop(kind)
            return
        self._left -= 1
        if self._tell(kind, data) is False:
            self.drop(kind)

    def has_room(self) -> bool:
        now = self._clock()
        self._left = min(BURST, self._left + (now - self._at) * NOTES_PER_SECOND)
        self._at = now
        return self._left >= 1

    def drop(self, kind: NoteKind) -> None:
        self._dropped[kind] += 1
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(TELL_DROPPED_AFTER, self._say_dropped)

    def _say_dropped(self) -> None:
        self._timer = None
        dropped, self._dropped = self._dropped, Counter()
        for kind, count in dropped.items():
            self._tell(kind, {"what": "dropped", "count": count})


class Inspection:
    """One tab under the eyes of its browser's inspector; its frames of the same process are part of it."""

    def __init__(self, tab_id: int, frame_id: str, post: Callable[..., None], inspector: Inspector) -> None:
        self._tab_id = tab_id
        self._post = post
        self._inspector = inspector
        self._account = inspector.ledger.open(tab_id, frame_id)
        self._requests = Requests(self._note_request, lambda: inspector.ledger.newest)
        self._held = 0

    def start(self) -> None:
        """Before the page runs, so that its first request is seen."""
        nothing_kept = {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0, "maxPostDataSize": 1}
        self._post("Network.enable", nothing_kept)
        self._post("Log.enable")
        self._post("Performance.enable")
        self._post("Runtime.enable")
        self._post("Runtime.setMaxCallStackSizeToCapture", {"size": 1})

    def wants(self, data: bytes) -> bool:
        """Whether this message of the domains that `start` enables is worth being parsed."""
        if data.startswith(_NETWORK):
            return self._is_short(data, "network") and self._account.keep(data)
        if data.startswith(_CONSOLE):
            return self._may_say(data, "console")
        if data.startswith(_FOR_LEDGER):
            self._account.keep(data)
            return False
        return data.startswith(_ERROR) and self._may_say(data, "error")

    def receive(self, message: Message) -> None:
        method, params = message["method"], message["params"]
        match method:
            case "Runtime.consoleAPICalled":
                self._note("console", remarks.of_console(params))
            case "Runtime.exceptionThrown":
                self._note("error", remarks.of_exception(params["exceptionDetails"]))
            case "Log.entryAdded":
                self._note("console", remarks.of_log(params["entry"]))
            case "Page.loadEventFired":
                self.mark("onLoad", params)
            case _:
                self._requests.receive(method, params)

    def mark(self, name: MarkName, params: Params) -> None:
        """The tab's page has come so far."""
        self._account.mark(name, params["timestamp"])

    def _note(self, kind: NoteKind, data: dict[str, Any] | None) -> None:
        if data is not None:
            self._inspector.note(kind, {"tab": self._tab_id, **data})

    def _note_request(self, data: dict[str, Any]) -> None:
        self._note("network", data)

    def _may_say(self, data: bytes, kind: NoteKind) -> bool:
        self._held += 1
        if self._held >= RELEASE_EVERY:
            self._held = 0
            self._post("Runtime.releaseObjectGroup", {"objectGroup": "console"})
        if not self._inspector.has_room():
            self._inspector.drop(kind)
            return False
        return self._is_short(data, kind)

    def _is_short(self, data: bytes, kind: NoteKind) -> bool:
        if len(data) <= LONGEST:
            return True
        self._inspector.drop(kind)
        return False
