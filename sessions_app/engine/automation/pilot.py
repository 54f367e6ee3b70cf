"""A program's hands on one live session: one call at a time, in order."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sessions_app.engine.errors import BrowserClosed, DeadlineExceeded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, BrowserContext, Dialog, Page

    from sessions_app.engine.automation.bridge import Attach
    from sessions_app.engine.automation.driver import Driver
    from sessions_app.engine.mux import CdpClient
    from sessions_app.engine.tab import Tab


# Seconds; who waits for a tab to come looks again, because another may be in front by then.
LOOK_EVERY = 0.25


class Pilot:
    """Attached with the first call; it needs no teardown of its own, because it goes with its browser."""

    def __init__(self, driver: Driver, attach: Attach, active: Callable[[], Tab]) -> None:
        self._driver = driver
        self._attach = attach
        self._active = active
        self._turn = asyncio.Lock()
        self._browser: Browser | None = None
        self._connecting: asyncio.Future[Browser] | None = None
        self._client: CdpClient | None = None
        self._targets: WeakKeyDictionary[Page, str] = WeakKeyDictionary()
        self._arrival = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Pilot {'attached' if self.is_attached else 'not attached'}>"

    @property
    def is_busy(self) -> bool:
        """Whether a call has its turn: however long it takes, the session is not idle meanwhile."""
        return self._turn.locked()

    @asynccontextmanager
    async def turn(self, seconds: float) -> AsyncIterator[None]:
        """Nobody else's call runs meanwhile; waiting in line counts. Raises DeadlineExceeded.

        What a call was doing when its time was over, or when its caller went, is broken off with it.
        """
        try:
            async with asyncio.timeout(seconds) as limit, self._turn:
                try:
                    yield
                except asyncio.CancelledError:
                    # Playwright would go on with it, into the next call.
                    self._break_off()
                    raise
        except TimeoutError:
            if limit.expired():
                raise DeadlineExceeded(seconds) from None
            raise

    def _break_off(self) -> None:
        if self._client:
            self._client.close()

    async def page(self) -> Page:
        """The active tab as Playwright knows it. Raises BrowserClosed, AutomationUnavailable."""
        if self._client and self._active().target_id in self._client.hidden:
            self._break_off()
        context = await self._context()
        while True:
            self._arrival.clear()
            if page := await self._page_in_front(context):
                return page
            if not self.is_attached:
                raise BrowserClosed("The browser ended before the call did.")
            # Playwright tells of a new tab a moment later than Chromium, and of one that closed at once not at all.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._arrival.wait()

    async def _page_in_front(self, context: BrowserContext) -> Page | None:
        for page in context.pages:
            if await self._target_of(context, page) == self._active().target_id:
                return page
        return None

    @property
    def is_attached(self) -> bool:
        # Playwright's own `is_connected` does not notice that its driver has died.
        return self._client is not None

    async def _context(self) -> BrowserContext:
        if not self.is_attached and self._connecting is None:
            self._connecting = self._driver.begin(self._driver.connect(self._join))
        if self._connecting:
            try:
                self._browser = await asyncio.shield(self._connecting)
            finally:
                if self._connecting.done():
                    self._connecting = None
            self._listen(self._browser.contexts[0])
        if self._browser is None:
            raise BrowserClosed("The browser ended before the call did.")
        return self._browser.contexts[0]

    def _listen(self, context: BrowserContext) -> None:
        context.on("page", self._wake)
        # With nobody listening Playwright would dismiss a dialog that a person may be reading.
        context.on("dialog", _leave_alone)

    async def _join(self, send: Callable[[bytes], None], on_close: Callable[[], None]) -> CdpClient:
        def gone() -> None:
            if self._client is client:
                self._client = None
                self._arrival.set()
            on_close()

        client = await self._attach(send, gone)
        self._client = client
        return client

    async def _target_of(self, context: BrowserContext, page: Page) -> str | None:
        """None for one that closes meanwhile."""
        from playwright.async_api import Error

        if page not in self._targets:
            try:
                cdp = await context.new_cdp_session(page)
                info = await cdp.send("Target.getTargetInfo")
                self._targets[page] = info["targetInfo"]["targetId"]
                await cdp.detach()
            except Error:
                return None
        return self._targets[page]

    def _wake(self, _: object) -> None:
        self._arrival.set()


def _leave_alone(_: Dialog) -> None:
    pass
