"""Playwright's driver: one process for all sessions, started with the first call that needs it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from typing import TYPE_CHECKING, Any, TypeVar

from sessions_app.engine.errors import AutomationUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from playwright.async_api import Browser, Error, Playwright

    from sessions_app.engine.automation.bridge import Attach, Bridge

T = TypeVar("T")

START_LIMIT = 20.0
CONNECT_LIMIT = 15.0
STOP_LIMIT = 3.0


class Driver:
    """Ends by `aclose`; a driver that died is started again with the next call."""

    def __init__(self, folder: Path, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._folder = folder
        self._spawn = spawn
        self._bridge: Bridge | None = None
        self._playwright: Playwright | None = None
        self._starting = asyncio.Lock()
        self._closed = False

    def __repr__(self) -> str:
        return f"<Driver {'running' if self._playwright else 'not running'}>"

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Do it to its end, also when whoever asked has gone: half a start or half a connection is left to nobody."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def finish() -> None:
            try:
                done.set_result(await work)
            except BaseException as error:  # noqa: BLE001 - it is theirs who wait
                done.set_exception(error)
                # They may have gone.
                done.exception()

        self._spawn(finish())
        return done

    async def connect(self, attach: Attach) -> Browser:
        """A Playwright browser on a live session's. Raises AutomationUnavailable."""
        # 25 MB of modules, of which a server that nobody asks need not know; loading them would hold up live views.
        await asyncio.to_thread(_load)
        from playwright.async_api import Error

        playwright, bridge = await self._ready()
        try:
            return await self._connect(playwright, bridge, attach)
        except Error as error:
            if await _answers(playwright):
                raise AutomationUnavailable(_why_not(error)) from error
        await self._stop(playwright)
        try:
            return await self._connect(*await self._ready(), attach)
        except Error as error:
            raise AutomationUnavailable(_why_not(error)) from error

    async def aclose(self) -> None:
        self._closed = True
        if self._playwright:
            await self._stop(self._playwright)
        if self._bridge:
            await self._bridge.aclose()

    async def _connect(self, playwright: Playwright, bridge: Bridge, attach: Attach) -> Browser:
        """Raises Playwright's Error; a driver that hangs counts the time no more than it does anything else."""
        from playwright.async_api import Error

        try:
            with bridge.address_for(attach) as address:
                async with asyncio.timeout(CONNECT_LIMIT + STOP_LIMIT):
                    return await playwright.chromium.connect_over_cdp(
                        address, timeout=CONNECT_LIMIT * 1000, no_defaults=True, is_local=True
                    )
        except TimeoutError:
            raise Error("Its driver does not answer.") from None

    async def _ready(self) -> tuple[Playwright, Bridge]:
        async with self._starting:
            if self._closed:
                raise AutomationUnavailable("The server is stopping.")
            if self._bridge is None:
                self._bridge = await self._open_bridge()
            if self._playwright is None:
                self._playwright = await self._start()
            return self._playwright, self._bridge

    async def _start(self) -> Playwright:
        from playwright.async_api import async_playwright

        try:
            async with asyncio.timeout(START_LIMIT):
                return await async_playwright().start()
        except (OSError, TimeoutError) as error:
            raise AutomationUnavailable(
                f"Playwright's driver did not start: {str(error) or 'no answer'}"
            ) from error

    async def _open_bridge(self) -> Bridge:
        from sessions_app.engine.automation.bridge import Bridge

        bridge = Bridge(self._folder, self.begin)
        await bridge.open()
        return bridge

    async def _stop(self, playwright: Playwright) -> None:
        # Of two calls that found it dead only one puts it away.
        if self._playwright is not playwright:
            return
        self._playwright = None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(STOP_LIMIT):
                await playwright.stop()


def _load() -> None:
    for name in ("playwright.async_api", "sessions_app.engine.automation.bridge"):
        importlib.import_module(name)


async def _answers(playwright: Playwright) -> bool:
    """Whether the driver lives, so that it was this one browser that could not be attached to."""
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(STOP_LIMIT):
            context = await playwright.request.new_context()
            await context.dispose()
    except (Error, TimeoutError):
        return False
    return True


def _why_not(error: Error) -> str:
    return f"Playwright could not attach to the browser: {error.message.splitlines()[0]}"
