"""A program that watches a session by the live socket: acknowledges, remembers the last picture, sends input."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import websockets
from PIL import Image

from sessions_app.engine.wire import HEADER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

Colour = tuple[int, int, int]
RED, GREEN, BLUE = (220, 20, 20), (20, 160, 20), (20, 20, 220)
# JPEG moves a flat colour by a step or two.
TOLERANCE = 12
LIMIT = 10.0


class Watcher:
    """One viewer's socket, read by `run` until it closes."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.notices: list[dict[str, Any]] = []
        self.frames = 0
        self.closed_with: int | None = None
        self._socket = socket
        self._seqs = itertools.count(1)
        self._picture = b""
        self._news = asyncio.Condition()

    async def run(self) -> None:
        try:
            async for message in self._socket:
                await self._note(message)
        except websockets.ConnectionClosed:
            pass
        self.closed_with = self._socket.close_code
        async with self._news:
            self._news.notify_all()

    async def _note(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.notices.append(json.loads(message))
        else:
            self.frames += 1
            self._picture = message[HEADER.size :]
            await self._socket.send(json.dumps({"type": "ack", "seq": HEADER.unpack_from(message)[3]}))
        async with self._news:
            self._news.notify_all()

    async def say(self, kind: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": kind, "seq": next(self._seqs), **fields}))

    async def click(self, x: int, y: int) -> None:
        for action, buttons in (("down", 1), ("up", 0)):
            await self.say("mouse", action=action, x=x, y=y, button="left", buttons=buttons, click_count=1)

    async def see(self, colour: Colour) -> None:
        """Wait until the middle of the picture has this colour."""
        await self._until(lambda: _is(self.colour(), colour), f"colour {colour}, last seen {self.colour()}")

    async def hear(self, kind: str) -> dict[str, Any]:
        """The first notice of a kind."""
        await self._until(lambda: self._heard(kind) is not None, f"a notice {kind!r}")
        found = self._heard(kind)
        assert found
        return found

    async def closed(self) -> int:
        await self._until(lambda: self.closed_with is not None, "the socket's close")
        assert self.closed_with
        return self.closed_with

    def colour(self) -> Colour | None:
        if not self._picture:
            return None
        image = Image.open(io.BytesIO(self._picture)).convert("RGB")
        pixel = image.getpixel((image.width // 2, image.height // 2))
        assert isinstance(pixel, tuple)
        return (int(pixel[0]), int(pixel[1]), int(pixel[2]))

    def _heard(self, kind: str) -> dict[str, Any] | None:
        return next((notice for notice in self.notices if notice["type"] == kind), None)

    async def _until(self, condition: Any, what: str) -> None:
        try:
            async with asyncio.timeout(LIMIT), self._news:
                await self._news.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"The viewer waited {LIMIT} s for {what}.") from None


def _is(colour: Colour | None, wanted: Colour) -> bool:
    return colour is not None and all(abs(a - b) <= TOLERANCE for a, b in zip(colour, wanted, strict=True))


@asynccontextmanager
async def watching(api: httpx.Client, session_id: str, role: str = "control") -> AsyncIterator[Watcher]:
    ticket = api.post(f"sessions/{session_id}/viewer-tickets", json={"role": role}).json()
    async with connected(ticket["url"]) as watcher:
        yield watcher


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Watcher]:
    async with websockets.connect(url, max_size=None) as socket, asyncio.TaskGroup() as group:
        watcher = Watcher(socket)
        task = group.create_task(watcher.run())
        yield watcher
        task.cancel()
