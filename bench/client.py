"""A viewer's socket, as a program opens it (docs/wire.md)."""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.picture import Device, Pictures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEADER = struct.Struct("<2sBBIIdHHIHH")


class Viewer:
    """Acknowledges each frame as it comes."""

    def __init__(self, socket: ClientConnection) -> None:
        self.pictures = Pictures()
        self.inputs = 0
        self._socket = socket

    async def listen(self) -> None:
        try:
            async for message in self._socket:
                if isinstance(message, bytes):
                    await self._frame(message)
        except ConnectionClosed:
            pass

    async def _frame(self, message: bytes) -> None:
        _, _, _, seq, input_seq, *_ = HEADER.unpack_from(message)
        self.pictures.arrived(message[HEADER.size :], input_seq)
        await self._socket.send(b'{"type":"ack","seq":%d}' % seq, text=True)

    async def input(self, device: Device, action: str) -> None:
        self.inputs += 1
        message: dict[str, Any] = {"type": device, "seq": self.inputs, "action": action}
        if device == "key":
            message |= {"key": "a", "code": "KeyA", "text": "a" if action == "down" else ""}
        else:
            message |= {
                "x": 200,
                "y": 400,
                "button": "left",
                "buttons": int(action == "down"),
                "click_count": 1,
            }
        await self._socket.send(orjson.dumps(message), text=True)

    def stall(self) -> None:
        """From now on it reads nothing, and so acknowledges nothing."""
        self._socket.transport.pause_reading()


@asynccontextmanager
async def viewing(url: str) -> AsyncIterator[Viewer]:
    """A viewer that is attached."""
    async with (
        connect(url, compression=None, max_size=None, ping_interval=None, close_timeout=1) as socket,
        asyncio.TaskGroup() as group,
    ):
        viewer = Viewer(socket)
        listening = group.create_task(viewer.listen())
        yield viewer
        listening.cancel()
