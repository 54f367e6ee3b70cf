"""Photographs every page, wide, narrow and dark, into docs/screenshots/: for the README, and for looking at."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.async_api import async_playwright

from sessions_app.engine.chromium import find_images
from tests.e2e.desk import Desk
from tests.e2e.server import fresh_server
from tests.e2e.site import Site
from tests.e2e.tour import STOPS, Stop
from tests.e2e.world import PAGES, PEOPLE, World, seed

if TYPE_CHECKING:
    from playwright.async_api import Browser, StorageState, ViewportSize

    from tests.e2e.server import Server

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "": (WIDE, "light"),
    "-dark": (WIDE, "dark"),
    "-narrow": (NARROW, "light"),
}
# So that a repository can hold them.
MAX_BYTES = 150_000
COLOURS = (256, 128, 64, 32)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    site = Site(PAGES)
    with fresh_server() as server:
        server.start()
        with server.api() as api:
            asyncio.run(_tour(server, seed(server, api, site)))
    site.close()


async def _tour(server: Server, world: World) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_images()["headless-shell"], args=["--no-sandbox"]
        )
        logins = {role: await _log_in(browser, server, name) for role, name in PEOPLE.items()}
        for stop in STOPS:
            if stop.shown:
                await _photograph(stop, browser, server, world, logins.get(stop.role))
        await browser.close()


async def _log_in(browser: Browser, server: Server, name: str) -> StorageState:
    window = await browser.new_context(base_url=server.url)
    await Desk(await window.new_page()).log_in(name)
    state = await window.storage_state()
    await window.close()
    return state


async def _photograph(
    stop: Stop, browser: Browser, server: Server, world: World, login: StorageState | None
) -> None:
    for look, (size, scheme) in LOOKS.items():
        window = await browser.new_context(
            base_url=server.url, viewport=size, color_scheme=scheme, storage_state=login
        )
        page = await window.new_page()
        await stop.visit(page, world)
        (FOLDER / f"{stop.name}{look}.png").write_bytes(_small(await page.screenshot()))
        await window.close()


def _small(picture: bytes) -> bytes:
    """With as many colours as fit: the pages have few, what they show may have more."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    made = _png(whole)
    for colours in COLOURS:
        if len(made) <= MAX_BYTES:
            break
        made = _png(whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE))
    return made


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
