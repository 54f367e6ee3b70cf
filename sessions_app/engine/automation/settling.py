"""Waiting until what an action set going is to be seen, and no longer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions_app.engine.automation.scripts import script
from sessions_app.engine.errors import CdpError

if TYPE_CHECKING:
    from sessions_app.engine.tab import Tab

FRAMES_LIMIT = 1.0
ARRIVAL_LIMIT = 5.0


async def drawn(tab: Tab) -> None:
    """Two frames later; if a navigation began, when its document is parsed. A page that hangs is not waited for."""
    try:
        async with asyncio.timeout(FRAMES_LIMIT):
            await tab.call("Runtime.evaluate", {"expression": script("settle"), "awaitPromise": True})
    except (CdpError, TimeoutError):
        # The document went away meanwhile, or a dialog stands before it.
        pass
    await arrived(tab)


async def arrived(tab: Tab) -> None:
    """When the document of a navigation that has begun is parsed, at once if none has."""
    try:
        async with asyncio.timeout(ARRIVAL_LIMIT):
            await tab.navigation.arrival()
    except TimeoutError:
        pass
