"""The private Unix socket on which Playwright's driver reaches the browsers of live sessions."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from sessions_app.engine.errors import BrowserClosed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from websockets.asyncio.server import Server
    from websockets.http11 import Request, Response

    from sessions_app.engine.mux import CdpClient

    # Attaches a client to a browser: what it hears is sent, and what is called when it is closed.
    Attach = Callable[[Callable[[bytes], None], Callable[[], None]], Awaitable[CdpClient]]
    Outbox = asyncio.Queue[bytes | None]

NAME = "automation.sock"


class Bridge:
    """A page of a session can reach the loopback address, but not this; ends by `aclose`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._waiting: dict[str, Attach] = {}
        self._attached: dict[ServerConnection, tuple[CdpClient, Outbox]] = {}
        self._server: Server | None = None

    def __repr__(self) -> str:
        return f"<Bridge {'open' if self._server else 'closed'} waiting={len(self._waiting)}>"

    async def open(self) -> None:
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await unix_serve(
                self._serve,
                str(self._path),
                process_request=self._check,
                compression=None,
                max_size=None,
                ping_interval=None,
            )
        finally:
            os.umask(before)

    async def aclose(self) -> None:
        server, self._server = self._server, None
        if server:
            server.close()
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

    async def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        attach = self._waiting.pop(request.path[1:], None)
        if attach is None:
            return connection.respond(HTTPStatus.FORBIDDEN, "Nobody is expected here.\n")
        outbox: Outbox = asyncio.Queue()
        try:
            client = await attach(outbox.put_nowait, lambda: outbox.put_nowait(None))
        except BrowserClosed:
            # Playwright may miss that a socket is closed as soon as it is open, and wait.
            return connection.respond(HTTPStatus.GONE, "The browser is gone.\n")
        self._attached[connection] = client, outbox
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        client, outbox = self._attached.pop(socket)
        try:
            async with asyncio.TaskGroup() as group:
                pump = group.create_task(_pump(outbox, socket))
                with contextlib.suppress(ConnectionClosed):
                    async for message in socket:
                        client.receive(message)
                pump.cancel()
        finally:
            client.close()


async def _pump(outbox: Outbox, socket: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        while (message := await outbox.get()) is not None:
            await socket.send(message, text=True)
        await socket.close()
