"""A DevTools client on a session's CDP address: commands and replies, and nothing else."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from websockets.asyncio.client import ClientConnection, connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class DevTools:
    """Attached to the one page of its session; one command at a time."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session = ""

    async def attach(self) -> None:
        targets = (await self.call("Target.getTargets"))["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = await self.call("Target.attachToTarget", {"targetId": page, "flatten": True})
        self._session = attached["sessionId"]

    async def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params or {}}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send(orjson.dumps(message), text=True)
        while (answer := orjson.loads(await self._socket.recv())).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result


@asynccontextmanager
async def attached(url: str) -> AsyncIterator[DevTools]:
    async with connect(url, compression=None, max_size=None, ping_interval=None, close_timeout=1) as socket:
        client = DevTools(socket)
        await client.attach()
        yield client
