"""What everything is compared with: one small DevTools client on the pipe of a Chromium with our own flags."""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import os
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from pybase64 import b64decode

from bench.picture import Device, Pictures
from sessions_app.engine.config import HEADLESS_SHELL, Viewport
from sessions_app.engine.flags import Shape, flags_of
from sessions_app.engine.process import start_chromium

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from sessions_app.engine.process import ChromiumProcess

CAST = {
    "format": "jpeg",
    "quality": 60,
    "everyNthFrame": 1,
    "maxFramesInFlight": 2,
    "sendLastFrame": True,
}


class Bare:
    """Attached to the one page of its Chromium; acknowledges each frame as it comes, or lets `hand_on` do so."""

    def __init__(self, process: ChromiumProcess) -> None:
        self.process = process
        self.pictures = Pictures()
        self.hand_on: Callable[[bytes, Callable[[], None]], None] = lambda _, acknowledge: acknowledge()
        # Its pictures name no inputs, so none is numbered.
        self.inputs = 0
        self._numbers = itertools.count(1)
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._parts: list[bytes] = []
        self._session = ""
        os.set_blocking(process.pipe.read, False)
        for fd in (process.pipe.read, process.pipe.write):
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 1 << 20)
        asyncio.get_running_loop().add_reader(process.pipe.read, self._readable)

    async def attach(self) -> None:
        targets = (await self.call("Target.getTargets"))["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = await self.call("Target.attachToTarget", {"targetId": page, "flatten": True})
        self._session = attached["sessionId"]
        await self.call("Page.enable")

    def cast(self) -> None:
        self.post("Page.startScreencast", CAST)

    def navigate(self, url: str) -> None:
        self.post("Page.navigate", {"url": url})

    async def input(self, device: Device, action: str) -> None:
        if device == "key":
            params: dict[str, Any] = {"key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65}
            if action == "down":
                params |= {"text": "a", "unmodifiedText": "a"}
            self.post(
                "Input.dispatchKeyEvent", {"type": {"down": "keyDown", "up": "keyUp"}[action], **params}
            )
        else:
            kind = {"down": "mousePressed", "up": "mouseReleased"}[action]
            place = {"x": 200, "y": 400, "button": "left", "buttons": int(action == "down"), "clickCount": 1}
            self.post("Input.dispatchMouseEvent", {"type": kind, **place})

    def post(self, method: str, params: dict[str, Any] | None = None) -> int:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params or {}}
        if self._session:
            message["sessionId"] = self._session
        os.write(self.process.pipe.write, orjson.dumps(message) + b"\0")
        return number

    async def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        reply = self._replies[self.post(method, params)] = asyncio.get_running_loop().create_future()
        message = await reply
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        result: dict[str, Any] = message["result"]
        return result

    async def aclose(self) -> None:
        self._session = ""
        await self.process.aclose(ask=lambda: void(self.post("Browser.close")), grace=3)
        asyncio.get_running_loop().remove_reader(self.process.pipe.read)
        os.close(self.process.pipe.read)
        os.close(self.process.pipe.write)

    def _readable(self) -> None:
        data = os.read(self.process.pipe.read, 1 << 20)
        if not data:
            asyncio.get_running_loop().remove_reader(self.process.pipe.read)
        *messages, rest = data.split(b"\0")
        if messages:
            messages[0] = b"".join([*self._parts, messages[0]])
            self._parts = []
        self._parts.append(rest)
        for message in messages:
            self._received(orjson.loads(message))

    def _received(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Page.screencastFrame":
            params = message["params"]
            picture, frame = b64decode(params["data"], validate=True), params["sessionId"]
            self.hand_on(picture, lambda: void(self.post("Page.screencastFrameAck", {"sessionId": frame})))
            self.pictures.arrived(picture)
        elif reply := self._replies.pop(message.get("id", 0), None):
            reply.set_result(message)


def void(_: object) -> None:
    pass


@asynccontextmanager
async def launched(binary: Path, folder: Path, *, sandbox: bool) -> AsyncIterator[Bare]:
    """A bare client whose Chromium has answered, and shows an empty page."""
    flags = flags_of(Shape(binary=HEADLESS_SHELL), Viewport(), sandbox=sandbox)
    bare = Bare(start_chromium(binary, flags, folder / f"bare-{secrets.token_hex(4)}"))
    try:
        await bare.call("Target.getTargets")
        yield bare
    finally:
        await bare.aclose()
