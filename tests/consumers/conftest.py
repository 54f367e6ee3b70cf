"""Sockets against the whole ASGI application, on live sessions whose browser is a pipe that remembers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from channels.testing import WebsocketCommunicator

from config.asgi import application
from sessions_app.consumers.backlog import EXTENSION, Backlog
from sessions_app.engine.automation.driver import Driver
from sessions_app.engine.config import LaunchSpec
from sessions_app.engine.events import EngineEvent
from sessions_app.engine.session import LiveSession
from sessions_app.services import viewing
from sessions_app.services.actors import Actor
from sessions_app.services.facts import SessionFacts
from tests.engine.conftest import FakeBrowser
from tests.fakes import FakeEngine

HOST = (b"host", b"testserver")
OURS = (b"origin", b"http://testserver")


@dataclass
class Stage:
    """A running session: its row's facts, the live one, and the browser that is none."""

    facts: SessionFacts
    live: LiveSession
    browser: FakeBrowser
    told: list[EngineEvent] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.facts.id


@pytest.fixture
async def stage(start: Any, engine: FakeEngine) -> AsyncIterator[Callable[[], Awaitable[Stage]]]:
    """Starts a session: `await stage()`."""
    stages: list[Stage] = []

    async def stage() -> Stage:
        facts = await start()
        browser = FakeBrowser()
        told: list[EngineEvent] = []
        live = LiveSession(
            LaunchSpec(session_id=facts.id),
            browser,  # type: ignore[arg-type]
            max_viewers=3,
            driver=Driver(Path("/nonexistent"), lambda work: work.close()),
            tell=told.append,
        )
        engine.live[facts.id] = live  # type: ignore[assignment]
        stages.append(Stage(facts, live, browser, told))
        return stages[-1]

    yield stage
    for one in stages:
        await one.live.aclose()


@pytest.fixture
async def session(stage: Callable[[], Awaitable[Stage]]) -> Stage:
    return await stage()


class Socket:
    """A WebSocket from outside; `headers` replace those of a page of ours."""

    def __init__(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        self._line = WebsocketCommunicator(application, path, headers=headers)
        self._ended = False

    def under(self, backlog: Backlog) -> Self:
        """As under a server that says how much of what was sent is not taken yet."""
        scope: Any = self._line.scope
        scope["extensions"] = {EXTENSION: backlog}
        return self

    async def open(self) -> bool:
        """Whether the handshake was accepted."""
        await self._line.send_input({"type": "websocket.connect"})
        answer = await self._line.receive_output(5)
        self._ended = answer["type"] == "websocket.close"
        return not self._ended

    async def next(self) -> dict[str, Any]:
        return await self._line.receive_output(5)

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next message of this type; others are passed over."""
        while True:
            message = await self.next()
            assert message["type"] == "websocket.send", message
            if message.get("text") and (said := json.loads(message["text"])).get("type") == kind:
                heard: dict[str, Any] = said
                return heard

    async def frame(self) -> bytes:
        """The next picture."""
        while True:
            message = await self.next()
            assert message["type"] == "websocket.send", message
            if message.get("bytes"):
                picture: bytes = message["bytes"]
                return picture

    async def closed(self) -> int:
        """The code that the server closes with; what it says before is passed over."""
        while (message := await self.next())["type"] != "websocket.close":
            pass
        self._ended = True
        code: int = message["code"]
        return code

    async def silent(self) -> bool:
        return await self._line.receive_nothing(0.05)

    async def say(self, message: Any = None, **fields: Any) -> None:
        data = message if message is not None else json.dumps(fields)
        kind = "bytes" if isinstance(data, bytes) else "text"
        await self._line.send_input({"type": "websocket.receive", kind: data})

    async def leave(self) -> None:
        await self._line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._line.wait(5)


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., Socket]]:
    """`connect(path)`, as a page of ours does, or with other headers."""
    sockets: list[Socket] = []

    def connect(path: str, *, origin: bytes | None = OURS[1], host: bytes = HOST[1]) -> Socket:
        headers = [(b"host", host)] if host else []
        if origin is not None:
            headers.append((b"origin", origin))
        sockets.append(Socket(path, headers))
        return sockets[-1]

    yield connect
    for socket in sockets:
        await socket.leave()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def ticket(operator: Actor) -> Callable[..., Awaitable[str]]:
    """The path that a new ticket opens: `await ticket(session, "view")`."""

    async def ticket(session: Stage, role: Any = "control", *, of_page: bool = False) -> str:
        made = await viewing.make_ticket(operator, session.id, role, origin_required=of_page)
        return path_of(made.url)

    return ticket
