"""A person in front of a live view: what is on the picture, where to click on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.e2e.live import Colour

TOLERANCE = 12
LIMIT = 15_000

# The middle pixel of the picture, compared with a colour.
SHOWS = """([colour, tolerance]) => {
  const canvas = document.querySelector("[data-part=canvas]");
  if (!canvas.width) return false;
  const middle = [canvas.width / 2, canvas.height / 2].map(Math.floor);
  const pixel = canvas.getContext("2d").getImageData(...middle, 1, 1).data;
  return colour.every((part, i) => Math.abs(part - pixel[i]) <= tolerance);
}"""


class ViewerPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-part={name}]")

    @property
    def canvas(self) -> Locator:
        return self.part("canvas")

    async def is_live(self) -> None:
        await expect(self.canvas).to_have_attribute("data-state", "connected", timeout=LIMIT)

    async def shows(self, colour: Colour) -> None:
        await self.page.wait_for_function(SHOWS, arg=[list(colour), TOLERANCE], timeout=LIMIT)

    async def click(self, x: float, y: float) -> None:
        """Click at a point of the remote page, which is 1280 by 720."""
        box = await self.canvas.bounding_box()
        assert box
        await self.page.mouse.click(box["x"] + x * box["width"] / 1280, box["y"] + y * box["height"] / 720)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def ended(self, words: str) -> None:
        await expect(self.canvas).to_have_attribute("data-state", "ended", timeout=LIMIT)
        await expect(self.part("overlay-text")).to_contain_text(words)

    async def refused(self, words: str) -> None:
        await expect(self.canvas).to_have_attribute("data-state", "refused", timeout=LIMIT)
        await expect(self.part("overlay")).to_contain_text(words)
