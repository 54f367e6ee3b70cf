"""A person's page, and whatever its browser complained of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from playwright.async_api import expect

from tests.e2e.server import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Page


# A shift within half a second of a person's doing is what the person wanted.
WATCH_SHIFTS = """
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) shifts.push([value, sources.map(({ node }) => node?.outerHTML?.slice(0, 80))]);
  }).observe({ type: "layout-shift", buffered: true });
"""


class Desk:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    async def log_in(self, name: str, password: str = PASSWORD) -> None:
        await self.page.goto("/login")
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()

    async def shifts(self) -> list[tuple[float, list[str]]]:
        """How far what moved, on a page in a window that watches for it."""
        found: list[tuple[float, list[str]]] = await self.page.evaluate("shifts")
        return found

    async def bytes_of(self, path: str) -> dict[str, int]:
        """What came over the wire for a page that is opened for the first time, by address and without pictures."""
        browser = await self.page.context.new_cdp_session(self.page)
        await browser.send("Network.enable")
        await browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
        urls: dict[str, str] = {}
        sent: dict[str, int] = {}

        def answered(event: dict[str, Any]) -> None:
            if event["type"] not in ("Image", "EventSource", "WebSocket"):
                urls[event["requestId"]] = event["response"]["url"]

        def finished(event: dict[str, Any]) -> None:
            if event["requestId"] in urls:
                sent[urls[event["requestId"]]] = int(event["encodedDataLength"])

        browser.on("Network.responseReceived", answered)
        browser.on("Network.loadingFinished", finished)
        await self.page.goto(path)
        await browser.detach()
        return sent

    async def is_focused(self, selector: str) -> bool:
        return bool(
            await self.page.locator(selector).evaluate("element => element === document.activeElement")
        )


class LogIn(Protocol):
    async def __call__(self, role: str) -> Desk: ...
