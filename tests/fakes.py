"""An engine without browsers: it keeps the same promises as the real one, at once."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
import time
import weakref
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sessions_app.engine.automation.answering import Answering
from sessions_app.engine.config import EngineConfig, LaunchSpec
from sessions_app.engine.control import Holder
from sessions_app.engine.errors import EngineError, LaunchFailed, NoSuchTab
from sessions_app.engine.files import SessionFiles
from sessions_app.engine.ledger import Ledger
from sessions_app.engine.navigation import Navigation
from sessions_app.engine.tab import TabFacts
from sessions_app.engine.tally import Tally
from tests.fake_page import FakePilot
from tests.fake_parts import FakeAudience, FakeCdpClient, FakeGauge, FakeProcess, FakeUsage, FakeViewer


class FakeLiveSession:
    """`closing` holds `aclose` up until it is set; `closed` counts how often the browser was ended.

    `failure` is what a busy browser answers. `dialog` is the page's open one, `picture` what a thumbnail shows;
    `painting` holds a screenshot up until it is set.
    """

    def __init__(self, spec: LaunchSpec, engine: FakeEngine) -> None:
        self.id = spec.session_id
        self.name = spec.name
        self.spec = spec
        self.viewport = spec.viewport
        self.idle_timeout = spec.idle_timeout
        self.max_lifetime = spec.max_lifetime
        self.started_at = self.last_activity_at = time.time()
        self.usage = FakeUsage()
        self.cpu_seconds = 0.5
        self.viewer_count = 0
        self.audience = FakeAudience()
        self.process = FakeProcess()
        self.gauge = FakeGauge()
        self.ledger = Ledger()
        self.disconnected: list[dict[str, str]] = []
        self.detached = 0
        self.cdp_clients: tuple[FakeCdpClient, ...] = ()
        self.touched = 0
        self.dialog: object = None
        self.hangs = False
        self.picture = b"\xff\xd8 picture of " + self.id.encode()
        self.pictures = 0
        self.painting = asyncio.Event()
        self.painting.set()
        self.failure: EngineError | None = None
        self.closed = 0
        self.ending: dict[str, Any] = {}
        self.asked_to_close = asyncio.Event()
        self.closing = asyncio.Event()
        self.closing.set()
        self._engine = engine
        self._control = self.audience.control
        self.answering = Answering(self.audience.hub)  # type: ignore[arg-type]
        self.pilot = FakePilot()
        self.is_closing = False
        self.answered: list[tuple[int, bool]] = []
        self._tabs = {1: self._tab(1, spec.url)}

    @cached_property
    def files(self) -> SessionFiles:
        """On the disk, as a browser's are, and gone with it."""
        folder = Path(tempfile.mkdtemp())
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for part in ("tmp", "downloads", "files"):
            (folder / part).mkdir()
        return SessionFiles(folder)

    @property
    def tabs(self) -> tuple[TabFacts, ...]:
        return tuple(self._tabs.values())

    @property
    def open_tabs(self) -> tuple[SimpleNamespace, ...]:
        return tuple(
            SimpleNamespace(
                dialog=self.dialog if tab.active else None,
                answer_dialog=self.active.answer_dialog,
                target_id=f"T{tab.id}",
                url=tab.url,
                title=tab.title,
            )
            for tab in self.tabs
        )

    @property
    def active_tab(self) -> TabFacts:
        return next(tab for tab in self._tabs.values() if tab.active)

    @property
    def expires_at(self) -> float:
        return min(
            self.last_activity_at + self.idle_timeout, self.started_at + self.max_lifetime - self.spec.lived
        )

    @property
    def controller(self) -> Holder | None:
        return self._control.holder

    def touch(self) -> None:
        self.touched += 1
        self.last_activity_at = time.time()

    def set_limits(self, *, idle_timeout: int | None = None, max_lifetime: int | None = None) -> None:
        self.idle_timeout = idle_timeout or self.idle_timeout
        self.max_lifetime = max_lifetime or self.max_lifetime

    def show(self, **changes: Any) -> None:
        """The active tab has another address or title now."""
        tab = self.active_tab
        self._tabs[tab.id] = replace(tab, **changes)

    async def open_tab(self, url: str = "about:blank") -> TabFacts:
        self._fail()
        tab = max(self._tabs) + 1
        self._tabs[tab] = self._tab(tab, url)
        return self.activate_tab(tab)

    def activate_tab(self, tab: int) -> TabFacts:
        if tab not in self._tabs:
            raise NoSuchTab(tab)
        self._tabs = {key: replace(facts, active=key == tab) for key, facts in self._tabs.items()}
        return self._tabs[tab]

    async def close_tab(self, tab: int) -> None:
        if self._tabs.pop(tab, None) is None:
            raise NoSuchTab(tab)
        if not self._tabs:
            self._tabs[tab + 1] = self._tab(tab + 1, "about:blank")
        self.activate_tab(max(self._tabs))

    def take_control(self, holder: Holder, *, force: bool = False) -> Holder:
        self._control.take(holder, force=force)
        return holder

    def give_back_control(self, holder_id: str) -> bool:
        return self._control.give_back(holder_id)

    def disconnect_viewers(self, **through: str) -> int:
        self.disconnected.append(through)
        viewers = self.audience.hub.viewers
        gone = [key for key, viewer in viewers.items() if through.items() & vars(viewer).items()]
        for key in gone:
            del viewers[key]
        return len(gone)

    def detach_cdp_clients(self, *, key_id: str | None = None) -> None:
        self.detached += key_id is None
        kept = [client for client in self.cdp_clients if key_id and client.key_id != key_id]
        self.cdp_clients = tuple(kept)

    def plug_in(self, *, key_id: str | None = None) -> None:
        """A DevTools client attaches, who came by this key."""
        self.cdp_clients += (FakeCdpClient(key_id),)

    def seat(
        self,
        *,
        link_id: str | None = None,
        key_id: str | None = None,
        user_id: str | None = None,
        role: str = "view",
        name: str = "Guest",
    ) -> FakeViewer:
        """Somebody watches, who came by this link, key or login."""
        viewer = FakeViewer(link_id, key_id, user_id, role, name)
        self.audience.hub.viewers[viewer.id] = viewer
        return viewer

    async def thumbnail(self, *, width: int = 320) -> bytes:
        self.pictures += 1
        self._fail()
        return self.picture

    @property
    def active(self) -> SimpleNamespace:
        return SimpleNamespace(
            call=self._call,
            dialog=self.dialog,
            is_crashed=False,
            unresponsive=self.hangs,
            feel_pulse=self._feel_pulse,
            navigation=Navigation(),
            answer_dialog=lambda number, *, accept, text: self.answered.append((number, accept)),
        )

    async def _feel_pulse(self) -> None:
        pass

    def resize(self, width: int, height: int) -> None:
        self.viewport = replace(self.viewport, width=width, height=height)

    async def _call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        made = {"Page.captureScreenshot": b"\x89PNG of ", "Page.printToPDF": b"%PDF of "}
        if method == "Page.getLayoutMetrics":
            return {"cssContentSize": {"x": 0, "y": 0, "width": 100, "height": 100}}
        if method not in made:
            return {}
        await self.painting.wait()
        self._fail()
        return {"data": base64.b64encode(made[method] + self.id.encode()).decode()}

    async def aclose(self, **ending: Any) -> None:
        self.ending = self.ending or ending
        self.asked_to_close.set()
        await self.closing.wait()
        if self._engine.live.pop(self.id, None):
            self.closed += 1
            shutil.rmtree(self.files.folder.parent, ignore_errors=True)

    def _fail(self) -> None:
        if self.failure:
            raise self.failure

    def _tab(self, tab: int, url: str) -> TabFacts:
        return TabFacts(
            id=tab, url=url, title="", loading=False, crashed=False, unresponsive=False, active=True,
            can_go_back=False, can_go_forward=False,
        )  # fmt: skip


class FakeEngine:
    """`failure` makes launches fail; `launching` holds them up until it is set.

    `page_failure` is what the pages of those to come answer to everything; without `paints` they give no picture.
    """

    def __init__(self, *, max_sessions: int = 32) -> None:
        self.config = EngineConfig(chromium={}, sessions_dir=Path("/nonexistent"), max_sessions=max_sessions)
        self.live: dict[str, FakeLiveSession] = {}
        self.launched: list[FakeLiveSession] = []
        self.failure = ""
        self.launching = asyncio.Event()
        self.launching.set()
        self.asked = asyncio.Event()
        self.starting: set[str] = set()
        self.is_open = True
        self.page_failure = ""
        self.paints = True

    @property
    def tally(self) -> Tally:
        total = Tally()
        for session in self.launched:
            total.include(session.audience.hub.tally)
        return total

    @property
    def folders(self) -> frozenset[Path]:
        return frozenset(session.process.folder for session in self.sessions)

    @property
    def sessions(self) -> tuple[FakeLiveSession, ...]:
        return tuple(self.live.values())

    def find(self, session_id: str) -> FakeLiveSession | None:
        return self.live.get(session_id)

    async def launch(self, spec: LaunchSpec) -> FakeLiveSession:
        self.asked.set()
        await self.launching.wait()
        if self.failure:
            raise LaunchFailed(self.failure)
        session = self.live[spec.session_id] = FakeLiveSession(spec, self)
        session.pilot.fake.failure = self.page_failure
        if not self.paints:
            session.painting.clear()
        self.launched.append(session)
        return session
