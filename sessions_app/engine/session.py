"""A live session: one browser with its viewers, its controller, its clocks and its clients."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sessions_app.engine import events
from sessions_app.engine.address import check_address
from sessions_app.engine.audience import Audience
from sessions_app.engine.automation.answering import Answering
from sessions_app.engine.automation.pilot import Pilot
from sessions_app.engine.clocks import Clocks
from sessions_app.engine.errors import CdpError
from sessions_app.engine.file_desk import FileDesk
from sessions_app.engine.front import Front
from sessions_app.engine.gauge import Gauge
from sessions_app.engine.measure import cpu_seconds, oom_kills
from sessions_app.engine.tab_news import TabNews
from sessions_app.engine.thumbnail import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessions_app.engine.automation.driver import Driver
    from sessions_app.engine.browser import Browser
    from sessions_app.engine.config import LaunchSpec
    from sessions_app.engine.control import Holder
    from sessions_app.engine.messages import Size
    from sessions_app.engine.mux import CdpClient
    from sessions_app.engine.process import ChromiumProcess
    from sessions_app.engine.tab import Tab, TabFacts


# Scaling has its price, at both ends; below this it is less than what it saves.
SMALLER_BY = 0.9


@dataclass(frozen=True, kw_only=True)
class Usage:
    pages_visited: int
    actions: int
    frames: int
    bytes_sent: int


class LiveSession:
    """Ends by `aclose`, the one teardown for release, expiry, crash and shutdown alike."""

    def __init__(
        self,
        spec: LaunchSpec,
        browser: Browser,
        *,
        max_viewers: int,
        driver: Driver,
        tell: Callable[[events.EngineEvent], object],
    ) -> None:
        self.id = spec.session_id
        self.name = spec.name
        self.viewport = spec.viewport
        self.audience = Audience(self, limit=max_viewers, tell=tell)
        self.attach_viewer = self.audience.attach
        self._browser = browser
        self._tell = tell
        self._tabs = browser.tabs
        self._front = Front(browser.tabs, self.audience)
        self.files = browser.files
        self._desk = FileDesk(self.files, self.audience, browser.tabs, lambda: self.active)
        browser.downloads.on_end = self._desk.download_ended
        self.answering = Answering(self.audience.hub)
        self.pilot = Pilot(driver, self._attach_automation, lambda: self.active)
        self._thumbnails = Thumbnails(browser.connection)
        self._news = TabNews(
            self.id,
            browser,
            tell,
            audience=self.audience,
            front=self._front,
            desk=self._desk,
            answering=self.answering,
            thumbnails=self._thumbnails,
        )
        self._cpu_seconds = 0.0
        self._oom_kills = oom_kills()
        self._closing: asyncio.Future[None] | None = None
        self.on_closed: Callable[[LiveSession], None] = lambda _: None
        self._clocks = Clocks(
            idle_timeout=spec.idle_timeout,
            max_lifetime=spec.max_lifetime,
            lived=spec.lived,
            is_watched=lambda: self.pilot.is_busy or (spec.watching_keeps_alive and self.viewer_count > 0),
            on_deadline=self._deadline_passed,
        )
        self.gauge = Gauge(self)
        self.ledger = browser.tabs.inspector.ledger
        self.audience.hub.on_demand = self._demand_changed
        self.audience.hub.on_credit = self._credit
        browser.on_gone = self._browser_gone
        browser.tabs.inspector.begin(self.id, tell)
        browser.tabs.listen(self._news)

    def __repr__(self) -> str:
        state = "closing" if self._closing else "live"
        return f"<LiveSession {self.id} {state} {self.audience!r} {self._tabs!r}>"

    # What others may know

    @property
    def active(self) -> Tab:
        return self._front.tab

    @property
    def open_tabs(self) -> Iterable[Tab]:
        return self._tabs

    @property
    def tabs(self) -> tuple[TabFacts, ...]:
        return tuple(tab.facts(active=tab is self.active) for tab in self._tabs)

    @property
    def active_tab(self) -> TabFacts:
        return self.active.facts(active=True)

    @property
    def viewer_count(self) -> int:
        return len(self.audience.hub.viewers)

    @property
    def controller(self) -> Holder | None:
        return self.audience.control.holder

    @property
    def usage(self) -> Usage:
        hub = self.audience.hub
        return Usage(
            pages_visited=self._news.pages_visited,
            actions=self.audience.actions,
            frames=hub.frames,
            bytes_sent=hub.bytes_sent,
        )

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the browser so far."""
        self._cpu_seconds = max(self._cpu_seconds, cpu_seconds(self._browser.process.pid))
        return self._cpu_seconds

    @property
    def process(self) -> ChromiumProcess:
        return self._browser.process

    @property
    def last_activity_at(self) -> float:
        """Unix seconds."""
        return self._clocks.last_activity_at

    @property
    def expires_at(self) -> float:
        """Unix seconds."""
        return self._clocks.expires_at

    @property
    def idle_timeout(self) -> int:
        return self._clocks.idle_timeout

    @property
    def max_lifetime(self) -> int:
        return self._clocks.max_lifetime

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    def touch(self) -> None:
        """An API call, a command or an input is activity."""
        self._clocks.touch()

    def set_limits(self, *, idle_timeout: int | None = None, max_lifetime: int | None = None) -> None:
        """Seconds; None leaves a limit as it is."""
        self._clocks.set_limits(idle_timeout=idle_timeout, max_lifetime=max_lifetime)

    # Tabs

    def navigate(self, url: str) -> None:
        """Begin to open `url` in the active tab. Raises AddressRefused."""
        self.active.navigate(check_address(url))

    async def open_tab(self, url: str = "about:blank") -> TabFacts:
        """Open a tab, which becomes the active one. Raises AddressRefused, BrowserClosed."""
        tab = await self._tabs.open(check_address(url))
        return tab.facts(active=tab is self.active)

    def begin_open_tab(self, url: str) -> None:
        """Raises AddressRefused."""
        self._tabs.begin_open(check_address(url))

    def activate_tab(self, tab_id: int) -> TabFacts:
        """Raises NoSuchTab."""
        tab = self._tabs.get(tab_id)
        self._front.show(tab)
        return tab.facts(active=True)

    async def close_tab(self, tab_id: int) -> None:
        """Raises NoSuchTab, BrowserClosed. The last one is replaced by an empty tab, so that the session goes on."""
        tab = self._tabs.get(tab_id)
        if len(self._tabs) == 1:
            await self._tabs.open("about:blank")
        with contextlib.suppress(CdpError):
            await self._tabs.close_tab(tab)

    def begin_close_tab(self, tab_id: int) -> None:
        """Raises NoSuchTab."""
        tab = self._tabs.get(tab_id)
        if len(self._tabs) == 1:
            self._tabs.begin_open("about:blank")
        self._tabs.begin_close(tab)

    def resize(self, width: int, height: int) -> None:
        """Give every tab this viewport, in CSS pixels."""
        self.viewport = replace(self.viewport, width=width, height=height)
        self._browser.resize(self.viewport)
        self.audience.state_changed()

    async def thumbnail(self, *, width: int = 320) -> bytes:
        """A small JPEG of the active tab. Raises NoPicture, BrowserClosed."""
        return await self._thumbnails.take(self.active, self.audience.hub.last_frame, width)

    # Viewers, control, clients

    def disconnect_viewers(
        self, *, link_id: str | None = None, key_id: str | None = None, user_id: str | None = None
    ) -> int:
        """Close the sockets that came by this link, key or user; how many."""
        return self.audience.disconnect(
            lambda viewer: (
                (link_id is not None and viewer.link_id == link_id)
                or (key_id is not None and viewer.key_id == key_id)
                or (user_id is not None and viewer.user_id == user_id)
            )
        )

    def take_control(self, holder: Holder, *, force: bool = False) -> Holder:
        """Raises ControlHeld."""
        self.audience.take(holder, force=force)
        return holder

    def give_back_control(self, holder_id: str) -> bool:
        return self.audience.give_back(holder_id)

    async def attach_cdp_client(
        self,
        *,
        send: Callable[[bytes], None],
        on_close: Callable[[], None],
        key_id: str | None = None,
        may_release: bool = False,
    ) -> CdpClient:
        """An outside DevTools client; every command of it is activity. Raises BrowserClosed.

        With `may_release` its `Browser.close` ends the session, else only its own attachment.
        """
        return await self._browser.mux.attach(
            send=send,
            on_close=on_close,
            on_command=self.touch,
            on_browser_close=self._release_asked if may_release else lambda: None,
            key_id=key_id,
        )

    async def _attach_automation(
        self, send: Callable[[bytes], None], on_close: Callable[[], None]
    ) -> CdpClient:
        return await self._browser.mux.attach(
            send=send,
            on_close=on_close,
            on_command=lambda: None,
            is_ours=True,
            hidden=await self._tabs.silent(but=self.active),
        )

    @property
    def cdp_clients(self) -> tuple[CdpClient, ...]:
        return self._browser.mux.outside_clients

    def detach_cdp_clients(self, *, key_id: str | None = None) -> None:
        """Close the sockets of the outside DevTools clients: all, or those that came by one key."""
        self._browser.mux.close(key_id=key_id)

    # The end

    async def aclose(
        self,
        *,
        status: str = "released",
        reason: str = "released",
        message: str = "",
        restarting: bool = False,
    ) -> None:
        """Tell the viewers why, end the browser, remove its folder. Idempotent; a second caller waits for the first.

        With `restarting` another live session takes this one's place: viewers are told to come back, not that it ended.
        """
        if self._closing is not None:
            await asyncio.shield(self._closing)
            return
        self._closing = asyncio.get_running_loop().create_future()
        self._cpu_seconds = self.cpu_seconds
        self._clocks.stop()
        self._news.is_over = True
        if restarting:
            self.audience.ask_back()
        else:
            self.audience.dismiss(status, reason, message or "This session has ended.")
        try:
            await self._browser.aclose()
        finally:
            self.on_closed(self)
            self._closing.set_result(None)

    # What the viewers and the browser tell us

    def _demand_changed(self) -> None:
        if self.audience.hub.wants_frames and not self._closing:
            self.active.cast.start(self._cast_size())
        else:
            self.active.cast.stop()
            self.audience.hub.forget_frame()

    def _cast_size(self) -> Size | None:
        """No larger than anybody shows it; a picture that would hardly be smaller keeps its own size."""
        fit = self.audience.hub.fit
        own = self.viewport.width * self.viewport.device_scale_factor
        return fit if fit and fit.width < SMALLER_BY * own else None

    def _credit(self) -> None:
        self.active.cast.credit()

    def _release_asked(self) -> None:
        self._tell(events.ReleaseAsked(session_id=self.id))

    def _deadline_passed(self, reason: events.Deadline) -> None:
        self._tell(events.DeadlinePassed(session_id=self.id, reason=reason))

    def _browser_gone(self) -> None:
        if self._closing:
            return
        code = self._browser.process.returncode
        detail = f"Chromium ended by itself (exit status {code}). {self._browser.process.log_tail()}".strip()
        killed = code == -signal.SIGKILL and oom_kills() > self._oom_kills
        reason: events.Crash = "out_of_memory" if killed else "browser_crashed"
        self._tell(events.BrowserGone(session_id=self.id, reason=reason, detail=detail))
