"""How much longer does a Playwright script take on a session than on a Chromium of its own?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.playwright_page import connected_page, launched_page
from bench.report import Row, median

if TYPE_CHECKING:
    from playwright.async_api import Page

    from bench.lab import Lab

TITLE = "A Playwright script of 200 steps"
ROUNDS = 5
# Each of four steps.
TURNS = 50
WARM_UP = 5


async def answer(lab: Lab) -> list[Row]:
    """Starting and connecting are not counted: a program does them once."""
    url = f"{lab.pages}/form"
    ours, bare = [], []
    async with lab.installation.server(warm=0) as server:
        for _ in range(ROUNDS):
            async with launched_page(lab, url) as page:
                bare.append(await _time(page))
            async with server.session(url) as session, connected_page(session["cdp_url"]) as page:
                ours.append(await _time(page))
    return [
        Row(
            what="200 steps; bare: a browser of its own",
            ours=median(ours),
            bare=median(bare),
            unit="s",
            judged="ratio",
            at_most=1.15,
        )
    ]


async def _time(page: Page) -> float:
    await _script(page, WARM_UP)
    began = time.perf_counter()
    await _script(page, TURNS)
    return time.perf_counter() - began


async def _script(page: Page, turns: int) -> None:
    for number in range(turns):
        await page.fill("#name", f"line {number}")
        await page.select_option("#colour", "gb"[number % 2])
        await page.click("#send")
        told = await page.text_content("#out")
        if told != f"line {number} {'gb'[number % 2]}":
            raise RuntimeError(f"The page says {told!r}.")
