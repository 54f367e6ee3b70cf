"""What Chromium told of the newest requests, kept as it came: nothing of it is parsed until somebody asks."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MAX_REQUESTS = 1_000
MAX_BYTES = 4 << 20
# A longer message is a `data:` address or the work of a page that wants the others forgotten.
MAX_MESSAGE = 32 << 10
MAX_MARKS = 500
# What an exchange costs beside its messages, about.
OVERHEAD = 400

MarkName = Literal["onContentLoad", "onLoad"]

_BEGINS = (b'{"method":"Network.requestWillBeSent"', b'{"method":"Network.webSocketCreated"')
# The headers that are really sent may be told before the request is.
_MAY_COME_FIRST = b'{"method":"Network.requestWillBeSentExtraInfo"'
_CHUNK = b'{"method":"Network.dataReceived"'
_ID = b'"requestId":"'
_LENGTH = b'"dataLength":'
# So far into a message its id has begun.
_HEAD = 100


@dataclass(slots=True)
class Exchange:
    """All that was said of one id: a request, with its redirects, or a socket's handshake."""

    tab: int
    # The main frame's.
    frame: str
    # One for each request of a chain of redirects.
    names: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    # Bytes of the body so far, as the page gets them.
    received: int = 0
    size: int = OVERHEAD


class Mark(NamedTuple):
    """What a tab's page reached, and when, in Chromium's own seconds."""

    tab: int
    name: MarkName
    at: float


class Kept(NamedTuple):
    """What the ledger held at one moment, for another thread to read. Exchanges that are under way may still grow."""

    exchanges: tuple[Exchange, ...]
    marks: tuple[Mark, ...]


class Ledger:
    """Of all tabs of one browser; the oldest exchanges make room for new ones."""

    def __init__(self) -> None:
        # `newest` names the request that was kept last.
        self.newest: str | None = None
        # Another browser of the same session must not give out the same names.
        self._series = secrets.token_hex(4)
        self._count = 0
        self._size = 0
        self._exchanges: OrderedDict[tuple[int, bytes], Exchange] = OrderedDict()
        self._marks: deque[Mark] = deque(maxlen=MAX_MARKS)

    def __repr__(self) -> str:
        return f"<Ledger exchanges={len(self._exchanges)} bytes={self._size}>"

    def open(self, tab: int, frame: str) -> Account:
        return Account(self, tab, frame)

    def read(self, name: str = "") -> Kept:
        """All of it, or the one exchange that the request of this name belongs to."""
        held = self._exchanges.values()
        chosen = tuple(one for one in held if name in one.names) if name else tuple(held)
        return Kept(chosen, tuple(self._marks))

    def keep(self, tab: int, frame: str, data: bytes) -> None:
        begins = data.startswith(_BEGINS)
        if begins:
            self.newest = None
        start = data.find(_ID, 0, _HEAD) + len(_ID)
        if start < len(_ID):
            return
        end = data.find(b'"', start)
        key = (tab, data[start:end])
        exchange = self._exchanges.get(key)
        if data.startswith(_CHUNK):
            if exchange:
                exchange.received += _number(data, end)
        elif len(data) <= MAX_MESSAGE:
            if exchange is None and (begins or data.startswith(_MAY_COME_FIRST)):
                exchange = self._exchanges[key] = Exchange(tab, frame)
                self._size += OVERHEAD
            if exchange is not None:
                self._add(exchange, data, begins=begins)

    def mark(self, mark: Mark) -> None:
        self._marks.append(mark)

    def _add(self, exchange: Exchange, data: bytes, *, begins: bool) -> None:
        # The name goes first: another thread may be reading.
        if begins:
            self._count += 1
            self.newest = f"{self._series}-{self._count}"
            exchange.names.append(self.newest)
        exchange.messages.append(data)
        exchange.size += len(data)
        self._size += len(data)
        while self._size > MAX_BYTES or len(self._exchanges) > MAX_REQUESTS:
            _, oldest = self._exchanges.popitem(last=False)
            self._size -= oldest.size


class Account:
    """One tab's way into the ledger."""

    def __init__(self, ledger: Ledger, tab: int, frame: str) -> None:
        self._ledger = ledger
        self._tab = tab
        self._frame = frame

    def keep(self, data: bytes) -> Literal[True]:
        self._ledger.keep(self._tab, self._frame, data)
        return True

    def mark(self, name: MarkName, at: float) -> None:
        self._ledger.mark(Mark(self._tab, name, at))


def _number(data: bytes, start: int) -> int:
    start = data.find(_LENGTH, start) + len(_LENGTH)
    digits = data[start : data.find(b",", start)]
    return int(digits) if digits.isdigit() else 0
