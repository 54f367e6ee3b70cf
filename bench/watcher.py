"""A person's browser on a session's resource_url, measured from inside its page."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import psutil
from playwright.async_api import async_playwright

from bench.relay import drawing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from bench.bare import Bare
    from bench.picture import Device

PROFILE = "playwright_chromiumdev_profile"
# `data-seq` changes in the task that drew the frame, right after it.
METER = """() => {
  const meter = (window.meter = { drawn: 0, began: null, times: [] });
  const drew = (records) => {
    meter.drawn += records.length;
    if (meter.began === null) return;
    meter.times.push(performance.now() - meter.began);
    meter.began = null;
  };
  const begin = () => (meter.began = performance.now());
  const canvas = document.querySelector("canvas[data-state]");
  new MutationObserver(drew).observe(canvas, { attributeFilter: ["data-seq"] });
  addEventListener("keydown", begin, true);
  addEventListener("pointerdown", begin, true);
}"""


class Watcher:
    """One open viewer page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def open(self, url: str) -> None:
        await self._page.goto(url)
        await self._page.wait_for_selector('canvas[data-state="connected"]:not([data-seq="0"])')
        await self._page.evaluate(METER)

    async def rate(self, seconds: float) -> float:
        """Frames drawn a second."""
        began, before = time.perf_counter(), await self._drawn()
        await asyncio.sleep(seconds)
        drawn = await self._drawn()
        return (drawn - before) / (time.perf_counter() - began)

    async def focus(self) -> None:
        """Click on the middle of the picture, which also takes control."""
        await self._page.locator("canvas[data-state]").click()

    async def input(self, device: Device, action: str) -> None:
        """Where the mouse stands; the page itself keeps the time of a press."""
        if device == "key":
            await (self._page.keyboard.down("a") if action == "down" else self._page.keyboard.up("a"))
        else:
            await (self._page.mouse.down() if action == "down" else self._page.mouse.up())

    async def take_times(self) -> list[float]:
        """Milliseconds from each input since the last call to the next frame drawn."""
        times: list[float] = await self._page.evaluate("window.meter.times.splice(0)")
        return times

    async def _drawn(self) -> int:
        drawn: int = await self._page.evaluate("window.meter.drawn")
        return drawn


class WatcherBrowser:
    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @asynccontextmanager
    async def watching(self, session: dict[str, Any]) -> AsyncIterator[Watcher]:
        """A page that shows `session`; logged out, as it has a new context."""
        context = await self._browser.new_context(viewport={"width": 1440, "height": 900})
        try:
            watcher = Watcher(await context.new_page())
            await watcher.open(session["resource_url"])
            yield watcher
        finally:
            await context.close()

    @asynccontextmanager
    async def drawing(self, bare: Bare) -> AsyncIterator[Callable[[float], Awaitable[float]]]:
        """How many frames a second the least viewer draws of what `bare` is shown, in a window of so many seconds."""
        context = await self._browser.new_context(viewport={"width": 1440, "height": 900})
        try:
            page = await context.new_page()
            async with drawing(bare, page):
                yield lambda seconds: _rate(page, seconds)
        finally:
            await context.close()

    def cpu_seconds(self) -> float:
        """Processor time of the browser with all its processes."""
        ours = psutil.Process().children(recursive=True)
        leaders = [process for process in ours if any(PROFILE in part for part in process.cmdline())]
        members = {member for leader in leaders for member in (leader, *leader.children(recursive=True))}
        return sum(sum(member.cpu_times()[:2]) for member in members)


async def _rate(page: Page, seconds: float) -> float:
    before: int = await page.evaluate("window.drawn")
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    drawn: int = await page.evaluate("window.drawn")
    return (drawn - before) / (time.perf_counter() - began)


@asynccontextmanager
async def watcher_browser(binary: Path) -> AsyncIterator[WatcherBrowser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        try:
            yield WatcherBrowser(browser)
        finally:
            await browser.close()
