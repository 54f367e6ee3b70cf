"""The least viewer there can be: a bare client's pictures, handed to a page that draws them and nothing else.

What it reaches is what this machine can do; a viewer page cannot draw more.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Page
    from websockets.asyncio.server import ServerConnection

    from bench.bare import Bare

IN_FLIGHT = 3
DRAW = """port => new Promise(resolve => {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  const context = canvas.getContext("2d", { alpha: false, desynchronized: false });
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  window.drawn = 0;
  socket.binaryType = "blob";
  socket.onmessage = async ({ data }) => {
    const picture = await createImageBitmap(data);
    if (canvas.width !== picture.width) Object.assign(canvas, { width: picture.width, height: picture.height });
    context.drawImage(picture, 0, 0);
    picture.close();
    window.drawn += 1;
    socket.send("");
    resolve();
  };
})"""


class Relay:
    """Newest first, and none is asked for while the page is behind."""

    def __init__(self) -> None:
        self._newest = b""
        self._acknowledge: list[Callable[[], None]] = []
        self._ready = asyncio.Event()
        self._credit = asyncio.Semaphore(IN_FLIGHT)

    def take(self, picture: bytes, acknowledge: Callable[[], None]) -> None:
        self._newest = picture
        self._acknowledge.append(acknowledge)
        self._ready.set()

    async def serve(self, socket: ServerConnection) -> None:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send(socket))
            async for _ in socket:
                self._credit.release()
            sending.cancel()

    async def _send(self, socket: ServerConnection) -> None:
        while True:
            await self._credit.acquire()
            await self._ready.wait()
            self._ready.clear()
            asked, self._acknowledge = self._acknowledge, []
            for acknowledge in asked:
                acknowledge()
            await socket.send(self._newest)


@asynccontextmanager
async def drawing(bare: Bare, page: Page) -> AsyncIterator[None]:
    """Within it, `page` draws what `bare` is shown, and counts in `window.drawn`."""
    relay = Relay()
    bare.hand_on = relay.take
    async with serve(relay.serve, "127.0.0.1", 0, compression=None) as server:
        port: Any = next(iter(server.sockets)).getsockname()[1]
        await page.evaluate(DRAW, port)
        yield
        await page.goto("about:blank")
