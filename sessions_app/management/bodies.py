"""Bodies larger than memory should hold: an answer's next part waits for its reader, a request's is read as it is used.

Daphne writes whatever it is given, reader or no reader, and takes a request's whole body into memory; and nobody says
how large that may be.
"""

from __future__ import annotations

import asyncio
import io
from typing import IO, TYPE_CHECKING, Any

from daphne.http_protocol import WebRequest

from sessions_app.engine.files import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Application = Callable[[Any, Receive, Any], Awaitable[None]]

CHUNK = 256 << 10
# Who takes nothing for so long, in seconds, has gone.
PATIENCE = 60.0
# Django answers in its own words what is a little over its own limit.
LARGEST, LARGEST_FILE = 4 << 20, MAX_FILE + (1 << 20)
EXTENSION = "quarterdeck.body"
TOO_LARGE = b"""HTTP/1.1 413 Content Too Large\r
Content-Type: application/problem+json\r
Content-Length: 132\r
Connection: close\r
\r
{"type":"about:blank","title":"Content Too Large","status":413,"detail":"The body is larger than may be.","code":"body_too_large"}\r
"""


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """Hangs up on a body that is larger than any that is taken here; it lies on the disk while it comes."""

    _room = 0

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        path = self.channel._path.partition(b"?")[0]
        is_file = self.channel._command == b"PUT" and b"/files/" in path and self._names_itself()
        self._room = LARGEST_FILE if is_file else LARGEST
        if length is not None and length > self._room:
            self._refuse()

    def _names_itself(self) -> bool:
        """Whether it is right is found out later; who says nothing fills no disk."""
        return any(self.requestHeaders.hasHeader(name) for name in ("authorization", "x-api-key", "cookie"))

    def handleContentChunk(self, data: bytes) -> None:
        if self._room < 0:
            return
        self._room -= len(data)
        if self._room < 0:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def handle_exception(self, exception: Exception) -> None:
        """An answer that has begun cannot become another one: it is cut off, so that nobody takes it for whole."""
        if not self._response_started:
            super().handle_exception(exception)
        elif self.channel is not None:
            self.channel.transport.abortConnection()

    def _refuse(self) -> None:
        self._room = -1
        self.channel.write(TOO_LARGE)
        self.channel.loseConnection()


class Valve:
    """What Twisted calls a streaming producer: closed while a client's buffer is full."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    async def wait(self) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            await self._open.wait()

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    def stopProducing(self) -> None:
        self._open.set()


class Valves:
    """Of the answers that are being sent in parts."""

    def __init__(self) -> None:
        self._valves: dict[Any, Valve] = {}

    def __repr__(self) -> str:
        return f"<Valves {len(self._valves)}>"

    def before(self, protocol: Any, message: dict[str, Any]) -> None:
        if message["type"] != "http.response.body":
            return
        if not message.get("more_body"):
            if self._valves.pop(protocol, None):
                protocol.unregisterProducer()
        elif protocol not in self._valves:
            valve = self._valves[protocol] = Valve()
            protocol.registerProducer(valve, True)

    async def after(self, protocol: Any) -> None:
        """Returns when the reader has taken what was sent."""
        if valve := self._valves.get(protocol):
            try:
                await valve.wait()
            except TimeoutError:
                if protocol.channel is not None:
                    protocol.channel.transport.abortConnection()

    def forget(self, protocol: Any) -> None:
        """It is gone; whoever waits for it waits no longer."""
        if valve := self._valves.pop(protocol, None):
            valve.stopProducing()


def set_aside(protocol: Any, scope: dict[str, Any]) -> None:
    """A body of some size is not read here, all at once and on the loop, but by `with_bodies`."""
    body: IO[bytes] = protocol.content
    if body.seek(0, io.SEEK_END) > CHUNK:
        scope.setdefault("extensions", {})[EXTENSION] = body
        protocol.content = io.BytesIO()
    body.seek(0)


def with_bodies(application: Application) -> Application:
    async def serve(scope: Any, receive: Receive, send: Any) -> None:
        body = scope.get("extensions", {}).pop(EXTENSION, None)
        if body is None:
            await application(scope, receive, send)
            return
        with body:
            await application(scope, Body(body, receive), send)

    return serve


class Body:
    """`receive` of an application whose request has a body on the disk."""

    def __init__(self, file: IO[bytes], receive: Receive) -> None:
        self._file = file
        self._receive = receive
        self._done = False

    async def __call__(self) -> dict[str, Any]:
        if self._done:
            return await self._after()
        part = await asyncio.to_thread(self._file.read, CHUNK)
        self._done = not part
        return {"type": "http.request", "body": part, "more_body": not self._done}

    async def _after(self) -> dict[str, Any]:
        """What the server says next; its own word of the body is of the empty one that was left in its place."""
        message = await self._receive()
        while message["type"] == "http.request":
            message = await self._receive()
        return message
