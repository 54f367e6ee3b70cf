"""A client that costs this machine as little as can be: keep-alive connections, GET and POST, Content-Length."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

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
        status, _ = await self._ask("GET", path)
        return status

    async def post(self, path: str, body: Any) -> Any:
        """The answer to a JSON body, which must be 200."""
        status, answer = await self._ask("POST", path, orjson.dumps(body))
        if status != HTTPStatus.OK:
            raise RuntimeError(f"{path} was answered with {status}: {answer.decode()}")
        return orjson.loads(answer)

    async def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        reader, writer = self._idle.pop() if self._idle else await self._connect()
        head = f"{method} {self._base.path}{path} HTTP/1.1\r\nHost: {self._base.netloc}\r\n{self._head}"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n".encode() + body)
        told = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
        length = told.partition("content-length:")[2].partition("\r\n")[0]
        answer = await reader.readexactly(int(length))
        self._idle.append((reader, writer))
        return int(told.split(" ", 2)[1]), answer

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
