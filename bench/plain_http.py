"""A reader that costs this machine as little as can be: keep-alive connections, GET, Content-Length."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PlainHttp:
    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._base = urlsplit(base_url)
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._idle: list[Connection] = []
        self._undo = AsyncExitStack()

    async def get(self, path: str) -> int:
        """The answer's status, once all of it is here."""
        reader, writer = self._idle.pop() if self._idle else await self._connect()
        target = f"{self._base.path}{path}"
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {self._base.netloc}\r\n{self._head}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
        length = head.partition("content-length:")[2].partition("\r\n")[0]
        await reader.readexactly(int(length))
        self._idle.append((reader, writer))
        return int(head.split(" ", 2)[1])

    async def _connect(self) -> Connection:
        reader, writer = await asyncio.open_connection(self._base.hostname, self._base.port)
        self._undo.callback(writer.close)
        return reader, writer

    async def aclose(self) -> None:
        await self._undo.aclose()


@asynccontextmanager
async def plain_http(base_url: str, headers: dict[str, str]) -> AsyncIterator[PlainHttp]:
    client = PlainHttp(base_url, headers)
    try:
        yield client
    finally:
        await client.aclose()
