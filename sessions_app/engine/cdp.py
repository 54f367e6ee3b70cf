"""The DevTools protocol over one pipe: commands, replies and events."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine.errors import BrowserClosed, CdpError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Params = dict[str, Any]

# How Chromium begins a frame of a screencast, which is nearly all that it ever says.
FRAME_BEGINS = b'{"method":"Page.screencastFrame","params":{"data":"'
# What a page can make Chromium say as often and at such length as it likes.
CHATTER = (b'{"method":"Runtime.', b'{"method":"Network.', b'{"method":"Log.')
_SESSION = b'"sessionId":"'
# How it begins the answer to a command.
_REPLY = re.compile(rb'\{"id":(\d+),')
LONGEST = 128 << 20
# The code that Chromium itself uses for what it cannot do.
TOO_LONG = -32000
NOBODY = ""
_TAIL = 80


def decode(data: bytes) -> Message:
    """One message; a frame's `data` comes as a view of its base64 text, which JSON would have to copy and check."""
    if not data.startswith(FRAME_BEGINS):
        return _loads(data)
    end = data.index(b'"', len(FRAME_BEGINS))
    frame: Message = orjson.loads(data[: len(FRAME_BEGINS)] + data[end:])
    frame["params"]["data"] = memoryview(data)[len(FRAME_BEGINS) : end]
    return frame


def _loads(data: bytes) -> Message:
    try:
        message: Message = orjson.loads(data)
    except orjson.JSONDecodeError:
        # A string of JavaScript may hold half a character (\ud800), which UTF-8 cannot.
        whole = json.dumps(json.loads(data), ensure_ascii=False).encode(errors="replace")
        message = orjson.loads(whole)
    return message


def encode(message: Message) -> bytes:
    return orjson.dumps(message, default=_text)


def _text(value: object) -> str:
    if isinstance(value, memoryview):
        return str(value, "ascii")
    raise TypeError(type(value).__name__)


class CdpConnection:
    """Matches replies to commands and hands events to the handler of their CDP session; does no I/O itself.

    Source of the message shapes: https://chromedevtools.github.io/devtools-protocol/ (flat sessions).
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._last_id = 0
        self._pending: dict[int, Callable[[Message | None], None]] = {}
        self._handlers: dict[str | None, Callable[[Message], None]] = {}
        self._wants: dict[bytes, Callable[[bytes], bool]] = {}
        self.closed = False

    def __repr__(self) -> str:
        return f"<CdpConnection pending={len(self._pending)} sessions={len(self._handlers)}>"

    def listen(
        self,
        cdp_session_id: str | None,
        handler: Callable[[Message], None],
        *,
        wants: Callable[[bytes], bool] | None = None,
    ) -> None:
        """Hand the events of this CDP session (None: the pipe's own) to `handler`.

        `wants` sees the page's chatter first, unparsed, and says whether it is worth that.
        """
        self._handlers[cdp_session_id] = handler
        if cdp_session_id and wants:
            self._wants[cdp_session_id.encode()] = wants

    def forget(self, cdp_session_id: str | None) -> None:
        self._handlers.pop(cdp_session_id, None)
        self._wants.pop((cdp_session_id or "").encode(), None)

    def forward(self, message: Message, reply: Callable[[Message | None], None] | None = None) -> None:
        """Send a command under an id of ours (written into `message`)."""
        if self.closed:
            if reply:
                reply(None)
            return
        self._last_id += 1
        message["id"] = self._last_id
        if reply:
            self._pending[self._last_id] = reply
        self._send(orjson.dumps(message))

    def post(
        self,
        method: str,
        params: Params | None = None,
        cdp_session_id: str | None = None,
        reply: Callable[[Message | None], None] | None = None,
    ) -> None:
        """Send a command and do not wait; errors are for `reply` to see."""
        message: Message = {"method": method, "params": params or {}}
        if cdp_session_id:
            message["sessionId"] = cdp_session_id
        self.forward(message, reply)

    async def call(
        self, method: str, params: Params | None = None, cdp_session_id: str | None = None
    ) -> Params:
        """Send a command and wait for its result. Raises CdpError, BrowserClosed."""
        future: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()

        def resolve(message: Message | None) -> None:
            if not future.done():
                future.set_result(message)

        self.post(method, params, cdp_session_id, resolve)
        message = await future
        if message is None:
            raise BrowserClosed(f"{method}: the browser is gone.")
        if error := message.get("error"):
            raise CdpError(method, error.get("code", 0), error.get("message", "unknown error"))
        result: Params = message.get("result", {})
        return result

    def receive(self, data: bytes) -> None:
        if data.startswith(CHATTER) and not self._is_wanted(data):
            return
        message = decode(data) if len(data) <= LONGEST else _instead_of(data)
        number = message.get("id")
        if number is not None:
            if reply := self._pending.pop(number, None):
                reply(message)
        elif handler := self._handlers.get(message.get("sessionId")):
            handler(message)

    def _is_wanted(self, data: bytes) -> bool:
        at = data.rfind(_SESSION, -_TAIL)
        wants = self._wants.get(data[at + len(_SESSION) : -2])
        return wants is None or wants(data)

    def close(self) -> None:
        """Fail everything that waits; idempotent."""
        self.closed = True
        self._handlers.clear()
        self._wants.clear()
        pending, self._pending = self._pending, {}
        for reply in pending.values():
            reply(None)


def _instead_of(data: bytes) -> Message:
    """Unread: every live view would be held up for as long as reading it takes."""
    begun = _REPLY.match(data)
    if begun is None:
        logger.warning("A message of %d bytes is passed over: %.100r", len(data), data)
        return {"sessionId": NOBODY}
    text = f"The answer has {len(data)} bytes, more than is passed on."
    return {"id": int(begun[1]), "error": {"code": TOO_LONG, "message": text}}
