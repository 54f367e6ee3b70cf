"""A real Chromium under the engine, a site to show, and a viewer that sees, acknowledges and steers."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine.chromium import find_images
from sessions_app.engine.config import EngineConfig, LaunchSpec
from sessions_app.engine.engine import Engine
from sessions_app.engine.events import EngineEvent
from sessions_app.engine.hub import Viewer
from sessions_app.engine.session import LiveSession
from sessions_app.engine.wire import HEADER, Role
from tests.chromium.site import Site
from tests.colours import Colour, alike, colour_of_jpeg
from tests.waiting import until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.chromium)


class Watcher:
    """A viewer as a browser page is one. `acks` False: it draws nothing, until `catch_up`."""

    def __init__(self, session: LiveSession, role: Role = "control", *, acks: bool = True) -> None:
        self.session = session
        self.acks = acks
        self.frames: list[bytes] = []
        self.notices: list[dict[str, Any]] = []
        self.viewer: Viewer = session.attach_viewer(role=role, name="Ada")
        self.viewer.on_ready = self._receive
        self._receive()

    def _receive(self) -> None:
        texts, frame = self.viewer.take()
        self.notices += map(json.loads, texts)
        if frame is not None:
            self.frames.append(frame)
            if self.acks:
                asyncio.get_running_loop().call_soon(self.catch_up)

    def catch_up(self) -> None:
        self.viewer.ack(self.viewer.sent)

    def leave(self) -> None:
        self.session.audience.detach(self.viewer)

    # What it sees

    @property
    def picture(self) -> bytes:
        return self.frames[-1][HEADER.size :]

    @property
    def input_seq(self) -> int:
        return int(HEADER.unpack_from(self.frames[-1])[4])

    @property
    def tab(self) -> int:
        return int(HEADER.unpack_from(self.frames[-1])[8])

    @property
    def size(self) -> tuple[int, int]:
        header = HEADER.unpack_from(self.frames[-1])
        return int(header[6]), int(header[7])

    def sees(self, colour: Colour, at: tuple[float, float] = (0.5, 0.9)) -> bool:
        return bool(self.frames) and alike(colour_of_jpeg(self.picture, at), colour)

    async def until_it_sees(self, colour: Colour, at: tuple[float, float] = (0.5, 0.9)) -> None:
        await until(lambda: self.sees(colour, at))

    def last(self, kind: str) -> dict[str, Any]:
        return next((notice for notice in reversed(self.notices) if notice["type"] == kind), {})

    # What it does

    def say(self, kind: str, **fields: Any) -> None:
        self.session.audience.receive(self.viewer, json.dumps({"type": kind, **fields}))

    def mouse(self, action: str, x: float, y: float, **fields: Any) -> None:
        self.say("mouse", action=action, x=x, y=y, **fields)

    def click(
        self, x: float = 300, y: float = 300, *, count: int = 1, buttons: int = 1, **fields: Any
    ) -> None:
        pressed = {"x": x, "y": y, "button": "left", "click_count": count, **fields}
        self.say("mouse", action="down", buttons=buttons, **pressed)
        self.say("mouse", action="up", buttons=0, **pressed)

    def press(self, key: str, code: str, text: str = "", **fields: Any) -> None:
        self.say("key", action="down", key=key, code=code, text=text, **fields)
        self.say("key", action="up", key=key, code=code, **fields)


class Client:
    """An outside DevTools client of a session."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.closed = asyncio.Event()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def attach(self, session: LiveSession, *, key_id: str | None = None) -> None:
        self.at = await session.attach_cdp_client(send=self._hear, on_close=self.closed.set, key_id=key_id)

    def _hear(self, data: bytes) -> None:
        message = json.loads(data)
        if "id" in message:
            self._waiting.pop(message["id"]).set_result(message)
        else:
            self.events.append(message)

    async def ask(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> dict[str, Any]:
        """The whole reply, also when it is an error."""
        number = next(self._numbers)
        reply = self._waiting[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self.at.receive(json.dumps(message))
        async with asyncio.timeout(10):
            answered: dict[str, Any] = await reply
            return answered

    async def call(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> dict[str, Any]:
        reply = await self.ask(method, params, session)
        assert "error" not in reply, reply
        result: dict[str, Any] = reply["result"]
        return result

    async def refused(self, method: str, params: dict[str, Any] | None = None, session: str = "") -> str:
        reply = await self.ask(method, params, session)
        assert "error" in reply, reply
        return str(reply["error"]["message"])

    async def page(self, target: str = "") -> str:
        """A session on a page: this target's, or the only one's."""
        if not target:
            infos = (await self.call("Target.getTargets"))["targetInfos"]
            [target] = [info["targetId"] for info in infos if info["type"] == "page"]
        attached = await self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        return str(attached["sessionId"])


@pytest.fixture(scope="session")
def images() -> dict[str, Path]:
    return find_images()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def config(images: dict[str, Path]) -> Iterator[EngineConfig]:
    folder = Path(tempfile.mkdtemp(prefix="qd-test-", dir="/var/tmp"))
    yield EngineConfig(chromium=images, sessions_dir=folder, warm=0)
    assert list(folder.iterdir()) == []
    shutil.rmtree(folder)


@pytest.fixture
async def engine(config: EngineConfig) -> AsyncIterator[Engine]:
    async with Engine(config) as engine:
        yield engine


Launch = Callable[..., Awaitable[LiveSession]]


@pytest.fixture
def launch(engine: Engine, site: Site) -> Launch:
    """A session that shows a page of the site: `await launch("/red", idle_timeout=…)`."""
    numbers = itertools.count(1)

    async def launch(page: str = "/red", **spec: Any) -> LiveSession:
        url = site.url(page) if page.startswith("/") else page
        session = await engine.launch(LaunchSpec(session_id=f"ses_{next(numbers)}", url=url, **spec))
        await until(lambda: session.active_tab.url == url and not session.active_tab.loading)
        return session

    return launch


class Ear:
    """What the engine tells its host."""

    def __init__(self) -> None:
        self.heard: list[EngineEvent] = []

    async def listen(self, engine: Engine) -> None:
        async for event in engine.events():
            self.heard.append(event)

    def has(self, kind: type[EngineEvent]) -> bool:
        return any(isinstance(event, kind) for event in self.heard)

    def last(self, kind: type[EngineEvent]) -> Any:
        return next(event for event in reversed(self.heard) if isinstance(event, kind))


@pytest.fixture
async def ear(engine: Engine) -> AsyncIterator[Ear]:
    ear = Ear()
    listening = engine._tasks.create_task(ear.listen(engine))
    yield ear
    listening.cancel()


async def evaluate(session: LiveSession, expression: str) -> Any:
    """What a script says in the active page."""
    result = await session.active.call(
        "Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True}
    )
    assert "exceptionDetails" not in result, result
    return result["result"].get("value")


async def until_it_says(session: LiveSession, expression: str, value: Any) -> None:
    async with asyncio.timeout(5):
        while await evaluate(session, expression) != value:
            pass


def with_warm(config: EngineConfig, warm: int) -> EngineConfig:
    return replace(config, warm=warm)
