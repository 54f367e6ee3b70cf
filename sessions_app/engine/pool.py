"""Warm browsers: started ahead, so that a session need not wait for one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from sessions_app.engine.browser import Browser
from sessions_app.engine.config import LaunchSpec, Viewport
from sessions_app.engine.errors import LaunchFailed
from sessions_app.engine.flags import Shape, shape_of

if TYPE_CHECKING:
    from sessions_app.engine.config import EngineConfig

logger = logging.getLogger(__name__)

# The session that just took a browser draws its first page in this time; starting the next at once would slow it.
REFILL_AFTER = 0.7
RETRY_AFTER = 10.0


class Pool:
    """Keeps `config.warm` browsers of the default shape ready; owns them until they are taken."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._shape = shape_of(LaunchSpec(session_id=""), config)
        self._ready: list[Browser] = []
        self._wake = asyncio.Event()
        self._wake.set()
        self.is_full = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Pool ready={len(self._ready)}/{self._config.warm}>"

    def take(self, shape: Shape) -> Browser | None:
        """A living warm browser of this shape, now the caller's; None when there is none."""
        if shape != self._shape:
            return None
        for browser in self._ready:
            if browser.is_alive:
                self._ready.remove(browser)
                self._refill()
                return browser
        return None

    async def run(self) -> None:
        """Keep the pool filled; runs until cancelled and closes what is left."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._fill()
        finally:
            ready, self._ready = self._ready, []
            for browser in ready:
                await browser.aclose(grace=0)

    async def _fill(self) -> None:
        for browser in [one for one in self._ready if not one.is_alive]:
            self._ready.remove(browser)
            await browser.aclose(grace=0)
        while len(self._ready) < self._config.warm:
            try:
                browser = await Browser.launch(self._config, self._shape, Viewport())
            except LaunchFailed:
                logger.exception("A warm browser could not be started; trying again in %d s.", RETRY_AFTER)
                self._refill(RETRY_AFTER)
                return
            browser.on_gone = self._wake.set
            self._ready.append(browser)
        self.is_full.set()

    def _refill(self, after: float = REFILL_AFTER) -> None:
        self.is_full.clear()
        asyncio.get_running_loop().call_later(after, self._wake.set)
