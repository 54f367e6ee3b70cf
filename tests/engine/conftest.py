"""Small stand-ins for what the engine's parts are wired to: a pipe that remembers, tabs on it, a stage."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from sessions_app.engine.address import check_address
from sessions_app.engine.audience import Audience
from sessions_app.engine.cdp import CdpConnection
from sessions_app.engine.config import HEADLESS_SHELL, Viewport
from sessions_app.engine.downloads import Downloads
from sessions_app.engine.errors import NoSuchTab
from sessions_app.engine.events import EngineEvent
from sessions_app.engine.files import SessionFiles
from sessions_app.engine.flags import Shape
from sessions_app.engine.hub import Viewer
from sessions_app.engine.mux import Mux
from sessions_app.engine.tab import Tab, TabListener
from sessions_app.engine.tabs import Tabs
from sessions_app.engine.wire import Frame, Role


def frame(name: bytes = b"picture", *, at: float = 1000.0, shows_until: float = 0, tab: int = 1) -> Frame:
    return Frame(name, at, 4, 3, tab, shows_until=shows_until)


def said(viewer: Viewer, kind: str = "") -> list[dict[str, Any]]:
    """What waits for this viewer and is of this type; the rest is gone."""
    messages = [json.loads(text) for text in viewer.take()[0]]
    return [message for message in messages if kind in ("", message["type"])]


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class FakePipe:
    """Chromium's end of a pipe: remembers commands, answers when told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.replies: dict[str, dict[str, Any]] = {}
        self.connection = CdpConnection(self._take)

    def _take(self, data: bytes) -> None:
        command = orjson.loads(data)
        self.sent.append(command)
        if command["method"] in self.replies:
            asyncio.get_running_loop().call_soon(self.answer, command, self.replies[command["method"]])

    def commands(self, method: str = "") -> list[dict[str, Any]]:
        return [message for message in self.sent if method in ("", message["method"])]

    def last(self, method: str) -> dict[str, Any]:
        return self.commands(method)[-1]

    def answer(self, command: dict[str, Any], result: dict[str, Any] | None = None, **more: Any) -> None:
        reply = {"id": command["id"], **({"result": result or {}} if "error" not in more else {}), **more}
        if "sessionId" in command:
            reply["sessionId"] = command["sessionId"]
        self.connection.receive(orjson.dumps(reply))

    def event(self, method: str, params: dict[str, Any], session: str | None = None) -> None:
        message = {"method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.connection.receive(orjson.dumps(message))


class FakeTabs:
    """Makes tabs whose commands go to a pipe that remembers them."""

    def __init__(self, pipe: FakePipe | None = None) -> None:
        self.pipe = pipe or FakePipe()
        self._numbers = itertools.count(1)

    def tab(self, *, url: str = "about:blank", title: str = "", listener: TabListener | None = None) -> Tab:
        number = next(self._numbers)
        info = {"targetId": f"T{number}", "url": url, "title": title, "type": "page"}
        return Tab(number, info, f"S{number}", self.pipe.connection, listener or TabListener())


class FakeBrowser:
    """A browser with one empty tab and nobody behind its pipe; commands in `replies` are answered at once."""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.pipe.replies = {"Target.attachToBrowserTarget": {"sessionId": "R1"}}
        self.connection = self.pipe.connection
        self.shape = Shape(binary=HEADLESS_SHELL)
        self.launch_viewport = self.viewport = Viewport()
        self.tabs = Tabs(self.connection, emulated=None)
        self.mux = Mux(self.connection, Path("/nonexistent"))
        self.files = SessionFiles(Path("/nonexistent"))
        self.downloads = Downloads(self.connection, self.files, self.tabs.inspector)
        self.process = SimpleNamespace(pid=0, returncode=None, log_tail=lambda: "Aw, snap!")
        self.on_gone = lambda: None
        self.fitted: list[int] = []
        self.closed = 0
        self.closing = asyncio.Event()
        self.closing.set()
        self.connection.listen(None, self.tabs._receive)
        self.open_tab()

    def open_tab(self) -> None:
        """Chromium attaches to a new page: T1, T2 …"""
        number = len(self.pipe.commands("Page.enable")) + 1
        info = {"targetId": f"T{number}", "type": "page", "url": "about:blank", "title": ""}
        self.pipe.event("Target.attachedToTarget", {"sessionId": f"S{number}", "targetInfo": info})

    def close_tab(self, number: int) -> None:
        self.pipe.event("Target.detachedFromTarget", {"sessionId": f"S{number}"})

    def resize(self, viewport: Viewport) -> None:
        self.viewport = viewport

    def fit(self, tab: Tab) -> None:
        self.fitted.append(tab.id)

    async def aclose(self) -> None:
        await self.closing.wait()
        self.closed += 1
        self.connection.close()
        self.tabs.close()
        self.mux.close()


class FakeStage:
    """A session as its audience sees it."""

    id = "ses_1"
    name = "shopping"

    def __init__(self) -> None:
        self.viewport = Viewport()
        self.pipe = FakePipe()
        tabs = FakeTabs(self.pipe)
        self.open_tabs = [tabs.tab(), tabs.tab()]
        self.active = self.open_tabs[0]
        self.touched = 0
        self.asked: list[tuple[Any, ...]] = []

    def touch(self) -> None:
        self.touched += 1

    def navigate(self, url: str) -> None:
        self.asked.append(("navigate", check_address(url)))

    def resize(self, width: int, height: int) -> None:
        self.asked.append(("resize", width, height))

    def begin_open_tab(self, url: str) -> None:
        self.asked.append(("open", check_address(url)))

    def begin_close_tab(self, tab_id: int) -> None:
        self.asked.append(("close", tab_id))

    def activate_tab(self, tab_id: int) -> None:
        if tab_id > len(self.open_tabs):
            raise NoSuchTab(tab_id)
        self.asked.append(("activate", tab_id))


class House:
    """An audience before a stage, with what it told the engine."""

    def __init__(self, limit: int = 10) -> None:
        self.stage = FakeStage()
        self.told: list[EngineEvent] = []
        self.audience = Audience(self.stage, limit=limit, tell=self.told.append)

    def seat(self, role: Role = "control", name: str = "Ada", **more: Any) -> Viewer:
        return self.audience.attach(role=role, name=name, **more)

    def hear(self, viewer: Viewer, /, **message: Any) -> None:
        self.audience.receive(viewer, json.dumps(message))

    def input(self) -> list[tuple[str, dict[str, Any]]]:
        """The input commands that Chromium got."""
        return [
            (command["method"], command["params"])
            for command in self.stage.pipe.sent
            if command["method"].startswith("Input.dispatch")
        ]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pipe() -> FakePipe:
    return FakePipe()


@pytest.fixture
async def house() -> House:
    return House()
