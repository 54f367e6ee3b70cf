"""A page under Playwright: of a Chromium that it launched itself, as a program without us would, or of a session."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from sessions_app.engine.config import HEADLESS_SHELL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

    from bench.lab import Lab


@asynccontextmanager
async def launched_page(lab: Lab, url: str) -> AsyncIterator[Page]:
    sandbox = not os.environ.get("QUARTERDECK_NO_SANDBOX") and os.geteuid() != 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=lab.chromium[HEADLESS_SHELL], chromium_sandbox=sandbox
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        await page.goto(url)
        yield page
        await browser.close()


@asynccontextmanager
async def connected_page(cdp_url: str) -> AsyncIterator[Page]:
    """The page that the session shows already."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(cdp_url)
        yield browser.contexts[0].pages[0]
        await browser.close()
