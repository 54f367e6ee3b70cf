"""How much longer does a function call take than the same by plain Playwright, on a browser of one's own?"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bench.plain_http import plain_http
from bench.playwright_page import launched_page
from bench.report import Row, median

if TYPE_CHECKING:
    from playwright.async_api import Page

    from bench.lab import Lab
    from bench.server import Server

TITLE = "Function calls on a form"
ROUNDS = 3
CALLS = 30
WARM_UP = 3
# What is allowed for beside Playwright's own time: 1.3 times it, and 3 ms.
SHARE, MORE = 1.3, 3.0
_BRIEFLY = {"screenshot": False, "snapshot": False}
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

Act = Callable[[], Awaitable[Any]]
Call = Callable[[str, dict[str, Any]], Awaitable[None]]


async def answer(lab: Lab) -> list[Row]:
    url = f"{lab.pages}/form"
    ours: dict[str, list[float]] = {}
    bare: dict[str, list[float]] = {}
    async with lab.installation.server(warm=0) as server:
        for _ in range(ROUNDS):
            async with launched_page(lab, url) as page:
                await _time(_by_playwright(page, url), bare)
            async with server.session(url) as session, _functions_of(server, session["id"]) as call:
                await _time(_by_functions(call, url), ours)
    return [_row(what, median(ours[what]), median(bare[what])) for what in ours]


def _by_playwright(page: Page, url: str) -> dict[str, Act]:
    async def click_and_look() -> None:
        await page.click("#send")
        await page.evaluate(_DRAWN)
        await page.aria_snapshot()
        await page.screenshot()

    async def open_and_look() -> None:
        await page.goto(url, wait_until="domcontentloaded")
        await page.evaluate(_DRAWN)
        await page.aria_snapshot()
        await page.screenshot()

    return {
        "click": lambda: page.click("#send"),
        "fill": lambda: page.fill("#name", "Ada"),
        "execute": lambda: page.evaluate("document.title"),
        "screenshot": page.screenshot,
        "click, its snapshot and picture": click_and_look,
        "open, its snapshot and picture": open_and_look,
    }


@asynccontextmanager
async def _functions_of(server: Server, session_id: str) -> AsyncIterator[Call]:
    async with plain_http(
        str(server.api.base_url).rstrip("/"), {"Authorization": server.api.headers["Authorization"]}
    ) as http:

        async def call(function: str, body: dict[str, Any]) -> None:
            told = await http.post(f"/sessions/{session_id}/functions/{function}", body)
            if told.get("success") is False:
                raise RuntimeError(f"{function}: {told}")

        yield call


def _by_functions(call: Call, url: str) -> dict[str, Act]:
    click = {"action": "click", "selector": "#send"}
    fill = {"action": "fill", "selector": "#name", "text": "Ada"}
    return {
        "click": lambda: call("interact", click | _BRIEFLY),
        "fill": lambda: call("interact", fill | _BRIEFLY),
        "execute": lambda: call("execute", {"code": "document.title", "screenshot": False}),
        "screenshot": lambda: call("screenshot", {}),
        "click, its snapshot and picture": lambda: call("interact", click),
        "open, its snapshot and picture": lambda: call("open", {"url": url}),
    }


async def _time(acts: dict[str, Act], times: dict[str, list[float]]) -> None:
    for what, act in acts.items():
        for _ in range(WARM_UP):
            await act()
        for _ in range(CALLS):
            began = time.perf_counter()
            await act()
            times.setdefault(what, []).append((time.perf_counter() - began) * 1000)


def _row(what: str, ours: float, bare: float) -> Row:
    allowed = (SHARE - 1) * bare + MORE
    return Row(what=f"{what}, p50", ours=ours, bare=bare, judged="difference", at_most=allowed)
