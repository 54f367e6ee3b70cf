"""A running browser, warm or in use: process, pipe, protocol, clients and tabs under one owner."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from sessions_app.engine.cdp import CdpConnection
from sessions_app.engine.downloads import Downloads
from sessions_app.engine.errors import BrowserClosed, CdpError, LaunchFailed
from sessions_app.engine.files import SessionFiles
from sessions_app.engine.flags import Shape, environment_of, flags_of
from sessions_app.engine.folders import BROWSER_PREFIX
from sessions_app.engine.mux import Mux
from sessions_app.engine.pipe import MessagePipe
from sessions_app.engine.process import ChromiumProcess, start_chromium
from sessions_app.engine.tabs import Tabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message
    from sessions_app.engine.config import EngineConfig, Viewport
    from sessions_app.engine.tab import Tab

LAUNCH_LIMIT = 20.0
CLOSE_GRACE = 3.0


class Browser:
    """Ends by `aclose`; `on_gone` is called once if Chromium ends by itself before that."""

    def __init__(self, process: ChromiumProcess, shape: Shape, viewport: Viewport) -> None:
        self.process = process
        self.shape = shape
        self.launch_viewport = self.viewport = viewport
        self.on_gone: Callable[[], None] = lambda: None
        self.connection = CdpConnection(self._send)
        self.mux = Mux(self.connection, process.folder)
        self.tabs = Tabs(self.connection, emulated=viewport if shape.emulates else None)
        self.files = SessionFiles(process.folder)
        self.downloads = Downloads(self.connection, self.files, self.tabs.inspector)
        self.tabs.on_download = self.downloads.receive
        self.mux.on_leaving = self.downloads.keep
        self._closing = False
        self._pipe = MessagePipe(
            process.pipe.read,
            process.pipe.write,
            on_message=self.connection.receive,
            on_close=self._disconnected,
        )
        process.on_exit = self._exited

    def __repr__(self) -> str:
        return f"<Browser {self.process!r} {self.tabs!r} {self.mux!r}>"

    @property
    def is_alive(self) -> bool:
        return not self.connection.closed and not self.process.exited.is_set()

    @classmethod
    async def launch(cls, config: EngineConfig, shape: Shape, viewport: Viewport) -> Browser:
        """Start Chromium and attach to its first tab. Raises LaunchFailed; leaves nothing behind then."""
        binary = config.chromium.get(shape.binary)
        if binary is None:
            raise LaunchFailed(f"No Chromium of the kind {shape.binary!r} is installed on this machine.")
        folder = config.sessions_dir / f"{BROWSER_PREFIX}{secrets.token_hex(4)}"
        flags = flags_of(shape, viewport, sandbox=config.sandbox)
        process = start_chromium(binary, flags, folder, env=environment_of(shape))
        browser = cls(process, shape, viewport)
        browser.downloads.keep()
        try:
            async with asyncio.timeout(LAUNCH_LIMIT):
                await browser.tabs.follow()
        except (BrowserClosed, CdpError, TimeoutError) as error:
            log = process.log_tail()
            await browser.aclose(grace=0)
            raise LaunchFailed(_why_not(error, log)) from error
        except BaseException:
            await browser.aclose(grace=0)
            raise
        return browser

    async def prepare(self, viewport: Viewport) -> None:
        """Give the first tab the viewport of its session, before it shows anything. Raises CdpError, BrowserClosed."""
        if viewport == self.viewport:
            return
        if self.shape.emulates:
            self.resize(viewport)
            return
        self.viewport = viewport
        for tab in self.tabs:
            window = await self.connection.call("Browser.getWindowForTarget", {"targetId": tab.target_id})
            bounds = {"windowId": window["windowId"], "bounds": self._bounds}
            await self.connection.call("Browser.setWindowBounds", bounds)

    def resize(self, viewport: Viewport) -> None:
        """Give every tab this viewport (width and height; the scale is the shape's)."""
        self.viewport = viewport
        if self.shape.emulates:
            self.tabs.emulated = viewport
        for tab in self.tabs:
            self.fit(tab)

    def fit(self, tab: Tab) -> None:
        """Give one tab the viewport."""
        if self.shape.emulates:
            tab.emulate(self.viewport)
            return
        bounds = self._bounds

        def found(reply: Message | None) -> None:
            if reply and "result" in reply:
                window = reply["result"]["windowId"]
                self.connection.post("Browser.setWindowBounds", {"windowId": window, "bounds": bounds})

        self.connection.post("Browser.getWindowForTarget", {"targetId": tab.target_id}, reply=found)

    async def aclose(self, *, grace: float = CLOSE_GRACE) -> None:
        """Ask Chromium to close, kill its group after `grace` seconds, remove its folder; idempotent."""
        self._closing = True
        self.mux.close()
        try:
            await self.process.aclose(ask=self._ask_to_close, grace=grace)
        finally:
            self._pipe.close()

    @property
    def _bounds(self) -> dict[str, int]:
        return {"width": self.viewport.width, "height": self.viewport.height}

    def _ask_to_close(self) -> None:
        self.connection.post("Browser.close")

    def _send(self, data: bytes) -> None:
        self._pipe.send(data)

    def _disconnected(self) -> None:
        self.connection.close()
        self.tabs.close()
        self.mux.close()
        # A browser whose pipe broke is of no use; its exit follows and is reported there.
        self.process.kill()

    def _exited(self) -> None:
        self._pipe.close()
        if not self._closing:
            self._closing = True
            self.on_gone()


def _why_not(error: Exception, log: str) -> str:
    if "sandbox" in log.lower():
        hint = "Chromium's sandbox cannot start here; allow unprivileged user namespaces or set QUARTERDECK_NO_SANDBOX=1."
        return f"{hint} Chromium said: {log}"
    what = "did not answer in time" if isinstance(error, TimeoutError) else "ended while starting"
    return f"Chromium {what}. " + (f"It said: {log}" if log else "It said nothing.")
