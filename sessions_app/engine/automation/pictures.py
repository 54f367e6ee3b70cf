"""Pictures and prints of a tab, by the browser itself: through Playwright each would pass another process first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pybase64 import b64decode

from sessions_app.engine.errors import CdpError, NoPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.engine.tab import Tab

LIMIT = 5.0
PRINT_LIMIT = 60.0
# Chromium draws no texture that is longer; what lies below is left out.
LONGEST_SIDE = 16_384
# Inches.
PAPER = {
    "letter": (8.5, 11.0),
    "legal": (8.5, 14.0),
    "tabloid": (11.0, 17.0),
    "a0": (33.1, 46.8),
    "a1": (23.4, 33.1),
    "a2": (16.54, 23.4),
    "a3": (11.7, 16.54),
    "a4": (8.27, 11.7),
    "a5": (5.83, 8.27),
    "a6": (4.13, 5.83),
}


@dataclass(frozen=True, kw_only=True)
class Print:
    """Margin in inches on every side; `pages` as in `1-3, 5`, all if empty."""

    format: str = "letter"
    landscape: bool = False
    background: bool = True
    scale: float = 1.0
    margin: float = 0.4
    pages: str = ""


async def screenshot(
    tab: Tab, *, full_page: bool = False, limit: float = LIMIT, more: Mapping[str, Any] | None = None
) -> bytes:
    """A PNG of what the tab shows, or of the whole page; `more` as Chromium has it. Raises NoPicture, BrowserClosed."""
    params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
    if tab.is_crashed:
        raise NoPicture("The tab has crashed.")
    if tab.dialog:
        raise NoPicture("A dialog is open; the page draws nothing until it is answered.")
    try:
        async with asyncio.timeout(limit):
            if full_page:
                params |= {"captureBeyondViewport": True, "clip": await _whole(tab)}
            return await _decoded(await tab.call("Page.captureScreenshot", params | dict(more or {})))
    except TimeoutError as error:
        raise NoPicture(f"The page gave no picture within {limit:g} seconds.") from error
    except CdpError as error:
        raise NoPicture(f"The page gave no picture: {error.message}.") from error


async def pdf(tab: Tab, wanted: Print, *, limit: float = PRINT_LIMIT) -> bytes:
    """Raises NoPicture (a page range that is none, a page that is busy), BrowserClosed."""
    width, height = PAPER[wanted.format]
    params = {
        "paperWidth": width,
        "paperHeight": height,
        "landscape": wanted.landscape,
        "printBackground": wanted.background,
        "scale": wanted.scale,
        "pageRanges": wanted.pages,
        **dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), wanted.margin),
    }
    try:
        async with asyncio.timeout(limit):
            return await _decoded(await tab.call("Page.printToPDF", params))
    except TimeoutError as error:
        raise NoPicture(f"The page was not printed within {limit:g} seconds.") from error
    except CdpError as error:
        raise NoPicture(f"The page was not printed: {error.message}.") from error


async def _whole(tab: Tab) -> dict[str, float]:
    size = (await tab.call("Page.getLayoutMetrics"))["cssContentSize"]
    sides = {name: min(size[name], LONGEST_SIDE) for name in ("width", "height")}
    return {"x": 0, "y": 0, "scale": 1, **sides}


async def _decoded(reply: dict[str, Any]) -> bytes:
    # Megabytes, for a long page.
    return await asyncio.to_thread(b64decode, reply["data"])
