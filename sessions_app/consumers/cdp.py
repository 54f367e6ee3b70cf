"""The CDP address: a program's DevTools messages to and from its session's browser."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sessions_app.consumers.closing import close_message
from sessions_app.services import errors
from sessions_app.services.sockets import attach_cdp_client

if TYPE_CHECKING:
    from sessions_app.consumers.origin import Receive, Scope, Send
    from sessions_app.engine.mux import CdpClient


async def cdp_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one DevTools client from handshake to disconnect."""
    await receive()
    token = parse_qs(scope["query_string"].decode("latin1")).get("token", [""])[0]
    outbox = Outbox(send)
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
            await _listen(client, receive)
            pump.cancel()
    finally:
        client.close()


async def _listen(client: CdpClient, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        client.receive(message.get("text") or message.get("bytes") or "")


class Outbox:
    """What the browser says, on its way to the client."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._ended = False

    def put(self, message: bytes) -> None:
        self._waiting.append(message)
        self._ready.set()

    def end(self) -> None:
        """Close the socket once everything is sent."""
        self._ended = True
        self._ready.set()

    async def run(self) -> None:
        while True:
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._waiting.popleft().decode()})
            if self._ended:
                await self._send({"type": "websocket.close", "code": 1000})
                return
            await self._ready.wait()
            self._ready.clear()
