"""The monitoring page measures a real server, is read by pointer and keys, and its banners go when told to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.axe import violations
from tests.e2e.desk import WATCH_SHIFTS, Desk
from tests.e2e.server import NAME, PASSWORD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.e2e.server import Server

# A sample, and the next time that the page asks.
SOON_MS = 30_000


@pytest.fixture
async def desk(own_server: Server, people: Browser) -> AsyncIterator[Desk]:
    """In front of a server that is full with one session."""
    own_server.set(QUARTERDECK_MAX_SESSIONS="1")
    own_server.start()
    own_server.run("createoperator", NAME, "--password-stdin", typed=f"{PASSWORD}\n")
    with own_server.api() as api:
        api.post("sessions", json={}).raise_for_status()
    window = await people.new_context(base_url=own_server.url, viewport={"width": 1280, "height": 800})
    await window.add_init_script(WATCH_SHIFTS)
    desk = Desk(await window.new_page())
    await desk.log_in(NAME)
    yield desk
    await window.close()


async def test_a_server_is_measured_read_and_looked_after(desk: Desk) -> None:
    page = desk.page
    await page.get_by_role("link", name="Monitoring").click()
    running = page.locator("#chart-sessions dd").first
    await expect(running).to_have_text("1", timeout=SOON_MS)
    moment = page.locator("#chart-sessions [data-when]")
    await expect(moment).to_have_text("now")

    await page.goto("/monitoring")
    box = await page.locator("#chart-cpu .drawing").bounding_box()
    assert box
    await page.mouse.move(box["x"] + 1, box["y"] + 20)
    await expect(moment).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    await expect(running).to_have_text("–")
    await page.mouse.move(box["x"] + 1, box["y"] - 200)
    await expect(moment).to_have_text("now")
    await expect(running).to_have_text("1")

    plot = page.get_by_role("img", name="Sessions")
    await plot.focus()
    await plot.press("End")
    said = page.locator("[data-charts-said]")
    await expect(said).to_have_text(re.compile(r"^\d\d:\d\d:\d\d: running .+, queued .+$"))
    async with page.expect_response("**/monitoring/charts*"):
        pass
    await expect(moment).not_to_have_text("now")
    await expect(plot).to_be_focused()
    await plot.press("Escape")
    await expect(moment).to_have_text("now")
    assert sum(value for value, _ in await desk.shifts()) <= 0.01

    banner = page.get_by_text("The server is nearly full: 1 of 1 session runs.")
    await expect(banner).to_be_visible()
    await page.locator("#chart-errors summary").click()
    await expect(page.get_by_role("table", name="Errors")).to_be_visible()
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        assert await violations(page) == []
    await page.get_by_role("button", name="Dismiss: The server is nearly full").click()
    await expect(banner).to_be_hidden()
    await page.goto("/")
    await expect(page.locator("#alert-full")).to_be_hidden()
    await expect(page.locator("#alert-full")).to_be_attached()
    assert desk.complaints == []
