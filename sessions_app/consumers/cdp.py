"""The CDP address: a program's DevTools messages to and from its session's browser."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sessions_app.consumers.backlog import backlog_of
from sessions_app.consumers.closing import close_message
from sessions_app.engine.wire import CLOSE_TOO_MUCH
from sessions_app.services import errors
from sessions_app.services.sockets import attach_cdp_client

if TYPE_CHECKING:
    from sessions_app.consumers.backlog import Backlog
    from sessions_app.consumers.origin import Receive, Scope, Send
    from sessions_app.engine.mux import CdpClient

# What waits for a client that does not read, and what waits for a browser that does not answer.
WAITING_MAX = 64 << 20
UNANSWERED_MAX = 64 << 20


async def cdp_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one DevTools client from handshake to disconnect."""
    await receive()
    token = parse_qs(scope["query_string"].decode("latin1")).get("token", [""])[0]
    outbox = Outbox(send, backlog_of(scope))
    try:
        client = await attach_cdp_client(
            scope["url_route"]["kwargs"]["session_id"], token, send=outbox.put, on_close=outbox.end
        )
    except errors.ServiceError as error:
        await send({"type": "websocket.accept"})
        await send(close_message(error))
        return
    try:
        await send({"type": "websocket.accept"})
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(outbox.run())
            await _listen(client, outbox, receive)
            pump.cancel()
    finally:
        client.close()


async def _listen(client: CdpClient, outbox: Outbox, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        client.receive(message.get("text") or message.get("bytes") or "")
        if client.unanswered_bytes > UNANSWERED_MAX:
            outbox.cut()
            client.close()


class Outbox:
    """What the browser says, on its way to the client; one that lets too much of it lie is cut off."""

    def __init__(self, send: Send, backlog: Backlog) -> None:
        self._send = send
        self._backlog = backlog
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._ready = asyncio.Event()
        self._code: int | None = None
        backlog.on_room = self._ready.set

    def __repr__(self) -> str:
        return f"<Outbox waiting={len(self._waiting)} bytes={self._size} code={self._code}>"

    def put(self, message: bytes) -> None:
        if self._code is not None:
            return
        # However large it is: to a client that reads, one message is not too much.
        if self._size > WAITING_MAX:
            self.cut()
            return
        self._waiting.append(message)
        self._size += len(message)
        self._ready.set()

    def end(self) -> None:
        """Close the socket once everything is sent."""
        self._close(1000)

    def cut(self) -> None:
        """Close it now; what waits is lost."""
        self._close(CLOSE_TOO_MUCH)
        self._waiting.clear()
        self._size = 0

    def _close(self, code: int) -> None:
        if self._code is None:
            self._code = code
        self._ready.set()

    async def run(self) -> None:
        while not await self._pass_on():
            await self._ready.wait()
            self._ready.clear()

    async def _pass_on(self) -> bool:
        """Send what there is room for; True when the socket is closed."""
        while self._waiting and not self._backlog.full:
            message = self._waiting.popleft()
            self._size -= len(message)
            await self._send({"type": "websocket.send", "text": message.decode()})
        if self._waiting or self._code is None:
            return False
        await self._send({"type": "websocket.close", "code": self._code})
        return True
