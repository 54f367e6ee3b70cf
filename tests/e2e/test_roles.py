"""What each role finds: the pages it may open, the ways there, and what it may do on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.e2e.desk import LogIn
    from tests.e2e.world import World

ROLES = ("viewer", "operator", "admin")
# The least role that a page opens for, and the entry of the rail that it belongs to.
PAGES = {
    "/": ("viewer", "Sessions"),
    "/sessions/{running}": ("viewer", "Sessions"),
    "/sessions/{ended}": ("viewer", "Sessions"),
    "/sessions/new": ("operator", "Sessions"),
    "/monitoring": ("viewer", "Monitoring"),
    "/account": ("viewer", ""),
    "/access": ("admin", "Access"),
    "/access/people": ("admin", "Access"),
    "/access/invitations": ("admin", "Access"),
    "/access/projects": ("admin", "Access"),
    "/access/audit": ("admin", "Access"),
    "/settings": ("admin", "Settings"),
}


def _may(role: str, least: str) -> bool:
    return ROLES.index(role) >= ROLES.index(least)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_what_is_for_it(role: str, log_in: LogIn, world: World) -> None:
    desk = await log_in(role)
    page = desk.page
    for path, (least, entry) in PAGES.items():
        response = await page.goto(path.format(**vars(world)))
        assert response
        assert response.status == (200 if _may(role, least) else 403), path
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        current = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
        if response.status == 200:
            await expect(current).to_have_text([entry] if entry else [])
    await page.goto("/")
    entries = page.get_by_role("navigation", name="Main").locator("a[href]:has(span)")
    offered = dict.fromkeys(entry for least, entry in PAGES.values() if entry and _may(role, least))
    await expect(entries).to_have_text(list(offered))
    assert [line for line in desk.complaints if "status of 403" not in line] == []


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_offered_what_it_may_do(role: str, log_in: LogIn, world: World) -> None:
    desk = await log_in(role)
    page = desk.page
    count = 0 if role == "viewer" else 1
    await page.goto("/")
    await expect(page.get_by_role("main").get_by_role("link", name="New session")).to_have_count(count)
    await page.goto(f"/sessions/{world.running}")
    await expect(page.locator("[data-part=canvas]")).to_have_attribute("data-state", "connected")
    await expect(page.locator("#panel").get_by_role("button", name="Release", exact=True)).to_have_count(
        count
    )
    taking = page.get_by_role("group", name="Control").get_by_role("button", name="Take control")
    await expect(taking).to_have_count(count)
    assert desk.complaints == []
