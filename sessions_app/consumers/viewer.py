"""The live socket: frames and notices out, acknowledgements and input in (docs/wire.md)."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sessions_app.consumers.closing import close_message
from sessions_app.consumers.origin import header
from sessions_app.engine.messages import Size
from sessions_app.engine.wire import CLOSE_NO_ACK, CLOSE_TOO_BIG, CLOSE_TOO_MUCH, MAX_MESSAGE
from sessions_app.services import errors
from sessions_app.services.sockets import Seat, take_seat

if TYPE_CHECKING:
    from sessions_app.consumers.origin import Receive, Scope, Send
    from sessions_app.engine.hub import Viewer

NO_ACK_LIMIT = 15.0
# A viewer that acknowledges 60 frames and sends 60 moves and wheel turns a second stays far below.
MESSAGES_PER_SECOND = 1_000
BURST = 3_000
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")


async def viewer_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one viewer from handshake to disconnect."""
    await receive()
    await send({"type": "websocket.accept"})
    query = parse_qs(scope["query_string"].decode("latin1"))
    ticket = query.get("ticket", [""])[0]
    has_origin = header(scope, b"origin") is not None
    try:
        session_id = scope["url_route"]["kwargs"]["session_id"]
        fit = _size(query.get("fit", [""])[0])
        seat = await take_seat(session_id, ticket, has_origin=has_origin, fit=fit)
    except errors.ServiceError as error:
        await send(close_message(error))
        return
    try:
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(Pump(seat.viewer, send).run())
            await _listen(seat, receive)
            pump.cancel()
    finally:
        seat.leave()


def _size(text: str) -> Size | None:
    """`1024x576`; whatever else it says counts as unsaid."""
    found = _SIZE.fullmatch(text)
    return Size(int(found[1]), int(found[2])) if found else None


async def _listen(seat: Seat, receive: Receive) -> None:
    allowance = Allowance(MESSAGES_PER_SECOND, BURST)
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if seat.viewer.closed_with is not None:
            continue
        data: str | bytes = message.get("text") or message.get("bytes") or ""
        if len(data) > MAX_MESSAGE:
            seat.viewer.close(CLOSE_TOO_BIG)
        elif not allowance.spend():
            seat.viewer.close(CLOSE_TOO_MUCH)
        else:
            seat.hear(data)
            if seat.forced:
                await seat.write_down()


class Allowance:
    """A token bucket: `burst` at once, refilled with `rate` a second."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = time.monotonic()

    def spend(self) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Pump:
    """Carries what a viewer has ready to its socket, until the viewer is closed."""

    def __init__(self, viewer: Viewer, send: Send) -> None:
        self._viewer = viewer
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._patience: asyncio.TimerHandle | None = None
        self._due: asyncio.TimerHandle | None = None
        viewer.on_ready = self._ready.set

    async def run(self) -> None:
        self._ready.set()
        try:
            while not await self._pass_on():
                await self._ready.wait()
                self._ready.clear()
        finally:
            for timer in (self._patience, self._due):
                if timer:
                    timer.cancel()

    async def _pass_on(self) -> bool:
        """Send what there is; True when the socket is closed."""
        texts, frame = self._viewer.take()
        for text in texts:
            await self._send({"type": "websocket.send", "text": text.decode()})
        if frame is not None:
            await self._send({"type": "websocket.send", "bytes": frame})
            if self._patience is None:
                self._patience = self._loop.call_later(NO_ACK_LIMIT, self._check_patience)
        if self._viewer.closed_with is not None:
            await self._send({"type": "websocket.close", "code": self._viewer.closed_with})
            return True
        due = self._viewer.due_in()
        if due is not None:
            self._due = self._loop.call_later(due, self._ready.set)
        return False

    def _check_patience(self) -> None:
        self._patience = None
        since = self._viewer.waits_for_ack()
        if since is None:
            return
        left = NO_ACK_LIMIT - (time.monotonic() - since)
        if left <= 0:
            self._viewer.close(CLOSE_NO_ACK)
        else:
            self._patience = self._loop.call_later(left, self._check_patience)
