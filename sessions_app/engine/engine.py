"""All live sessions of this process and the warm browsers beside them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from sessions_app.engine import folders
from sessions_app.engine.address import check_address
from sessions_app.engine.automation.driver import Driver
from sessions_app.engine.browser import Browser
from sessions_app.engine.devices import devices
from sessions_app.engine.errors import BrowserClosed, CdpError, LaunchFailed
from sessions_app.engine.events import Noted
from sessions_app.engine.flags import shape_of
from sessions_app.engine.pool import Pool
from sessions_app.engine.process import folders_in_use
from sessions_app.engine.session import LiveSession
from sessions_app.engine.tally import Tally

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from types import TracebackType

    from sessions_app.engine.config import EngineConfig, LaunchSpec
    from sessions_app.engine.events import EngineEvent

logger = logging.getLogger(__name__)

# What pages do waits no further when the host has this much before it; everything else must arrive.
MAX_NOTES_WAITING = 10_000


class Engine:
    """Entered by the host and left by it: on the way out every session and every warm browser is closed."""

    def __init__(self, config: EngineConfig) -> None:
        self.config = config
        self.pool = Pool(config)
        self.starting: set[str] = set()
        self._sessions: dict[str, LiveSession] = {}
        self._gone = Tally()
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue()
        self._tasks = asyncio.TaskGroup()
        self._driver = Driver(config.sessions_dir, lambda work: self._tasks.create_task(work))
        self._filling: asyncio.Task[None] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<Engine sessions={len(self._sessions)}/{self.config.max_sessions} {self.pool!r}>"

    async def __aenter__(self) -> Self:
        folders.prepare(self.config.sessions_dir)
        # Ten milliseconds, now that nobody watches anything.
        devices()
        await self._tasks.__aenter__()
        self._filling = self._tasks.create_task(self.pool.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse_launches()
        if self._filling:
            self._filling.cancel()
        for session in self.sessions:
            self._tasks.create_task(self._end(session))
        # Whatever brought us here must not cancel what is being closed.
        await self._tasks.__aexit__(None, None, None)
        await self._driver.aclose()

    def refuse_launches(self) -> None:
        """The host stops: whoever asks from now on is told so."""
        self._closed = True

    @property
    def is_open(self) -> bool:
        return not self._closed

    @property
    def sessions(self) -> tuple[LiveSession, ...]:
        return tuple(self._sessions.values())

    @property
    def folders(self) -> frozenset[Path]:
        """Of every browser, warm and starting ones too."""
        return folders_in_use()

    @property
    def tally(self) -> Tally:
        """Of all sessions since the start; never less than before."""
        total = Tally()
        for each in (self._gone, *(session.audience.hub.tally for session in self.sessions)):
            total.include(each)
        return total

    def find(self, session_id: str) -> LiveSession | None:
        return self._sessions.get(session_id)

    async def events(self) -> AsyncIterator[EngineEvent]:
        """What happens in the sessions, in order; for one reader."""
        while True:
            yield await self._events.get()

    async def launch(self, spec: LaunchSpec) -> LiveSession:
        """A running session whose navigation has begun. Raises LaunchFailed, AddressRefused."""
        url = check_address(spec.url)
        self._check_open()
        self.starting.add(spec.session_id)
        try:
            session = await self._launch(spec)
        finally:
            self.starting.discard(spec.session_id)
        if url != "about:blank":
            session.navigate(url)
        return session

    async def _launch(self, spec: LaunchSpec) -> LiveSession:
        shape = shape_of(spec, self.config)
        browser = self.pool.take(shape) or await Browser.launch(self.config, shape, spec.viewport)
        try:
            await browser.prepare(spec.viewport)
            browser.tabs.give(spec)
            return self._adopt(spec, browser)
        except BaseException as error:
            await browser.aclose(grace=0)
            if isinstance(error, StopIteration | BrowserClosed | CdpError):
                raise LaunchFailed("Chromium ended while the session started.") from error
            raise

    def _adopt(self, spec: LaunchSpec, browser: Browser) -> LiveSession:
        self._check_open()
        session = LiveSession(
            spec, browser, max_viewers=self.config.max_viewers, driver=self._driver, tell=self._report
        )
        session.on_closed = self._forget
        self._sessions[spec.session_id] = session
        return session

    def _report(self, event: EngineEvent) -> bool:
        if isinstance(event, Noted) and self._events.qsize() >= MAX_NOTES_WAITING:
            return False
        self._events.put_nowait(event)
        return True

    def _check_open(self) -> None:
        if self._closed:
            raise LaunchFailed("The server is stopping.")

    def _forget(self, session: LiveSession) -> None:
        if self._sessions.get(session.id) is session:
            del self._sessions[session.id]
            self._gone.include(session.audience.hub.tally)

    async def _end(self, session: LiveSession) -> None:
        try:
            await session.aclose(
                status="released", reason="server_stopped", message="The server is stopping."
            )
        except Exception:
            logger.exception("Session %s could not be closed cleanly.", session.id)
