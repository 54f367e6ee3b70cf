"""The private Unix socket on which Playwright's driver reaches the browsers of live sessions."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from sessions_app.engine.errors import BrowserClosed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path
    from typing import Any

    from sessions_app.engine.mux import CdpClient

    # Attaches a client to a browser: what it hears is sent, and what is called when it is closed.
    Attach = Callable[[Callable[[bytes], None], Callable[[], None]], Awaitable[CdpClient]]
    Begin = Callable[[Coroutine[Any, Any, None]], object]

NAME = "automation.sock"
# What a page makes its browser say may wait for the driver; a driver that is behind by more is left.
WAITING_MAX = 64 << 20


class Bridge:
    """A page of a session can reach the loopback address, but not this; ends by `aclose`.

    `begin` does a piece of work to its end.
    """

    def __init__(self, folder: Path, begin: Begin) -> None:
        self._path = folder / NAME
        self._begin = begin
        self._waiting: dict[str, Attach] = {}
        self._lines: set[Line] = set()
        self._server: asyncio.Server | None = None

    def __repr__(self) -> str:
        return f"<Bridge {'open' if self._server else 'closed'} lines={len(self._lines)}>"

    async def open(self) -> None:
        self._path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: Line(self), sock=_bound(self._path))

    async def aclose(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()
            for line in tuple(self._lines):
                line.abort()
            await server.wait_closed()
            self._path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def address_for(self, attach: Attach) -> Iterator[str]:
        """Within it, the address that leads to this browser, once."""
        key = secrets.token_urlsafe(32)
        self._waiting[key] = attach
        try:
            yield f"ws+unix://{self._path}:/{key}"
        finally:
            self._waiting.pop(key, None)

    def claim(self, key: str) -> Attach | None:
        return self._waiting.pop(key, None)

    def joined(self, line: Line) -> None:
        self._lines.add(line)

    def left(self, line: Line) -> None:
        self._lines.discard(line)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._begin(work)


def _bound(path: Path) -> socket.socket:
    """For this user alone; by no umask, which would be that of every thread meanwhile."""
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(path))
    path.chmod(0o600)
    return bound


class Line(asyncio.Protocol):
    """One connection of the driver. No task and no queue: an action is a dozen messages, one after the other."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._protocol = ServerProtocol(max_size=None)
        self._transport: asyncio.Transport | None = None
        self._client: CdpClient | None = None
        self._parts: list[bytes] = []

    def __repr__(self) -> str:
        return f"<Line {self._protocol.state.name}>"

    def abort(self) -> None:
        if self._transport:
            self._transport.abort()

    # What the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is none by its class.
        self._transport = cast("asyncio.Transport", transport)
        self._bridge.joined(self)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._go_on()

    def eof_received(self) -> bool:
        self._protocol.receive_eof()
        self._go_on()
        return False

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        self._bridge.left(self)
        if self._client:
            self._client.close()

    # What the browser tells

    def _send(self, message: bytes) -> None:
        if self._transport and self._transport.get_write_buffer_size() > WAITING_MAX:
            self.abort()
        elif self._protocol.state is State.OPEN:
            self._protocol.send_text(message)
            self._flush()

    def _end(self) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            self._flush()

    def _go_on(self) -> None:
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._bridge.begin(self._answer(event))
            elif isinstance(event, Frame):
                self._receive(event)
        self._flush()

    async def _answer(self, request: Request) -> None:
        attach = self._bridge.claim(request.path[1:])
        if attach is None:
            response = self._protocol.reject(HTTPStatus.FORBIDDEN, "Nobody is expected here.\n")
        else:
            try:
                self._client = await attach(self._send, self._end)
                response = self._protocol.accept(request)
            except BrowserClosed:
                # Playwright may miss that a socket is closed as soon as it is open, and wait.
                response = self._protocol.reject(HTTPStatus.GONE, "The browser is gone.\n")
        self._protocol.send_response(response)
        self._flush()
        if self._client and self._transport is None:
            self._client.close()

    def _receive(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT) or self._client is None:
            return
        self._parts.append(bytes(frame.data))
        if frame.fin:
            message, self._parts = b"".join(self._parts), []
            self._client.receive(message)

    def _flush(self) -> None:
        if self._transport is None:
            return
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
        if self._protocol.close_expected():
            self._transport.close()
