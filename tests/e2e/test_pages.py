"""The pages as a person has them: they follow what changes and leave alone what the person does meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import Desk
from tests.e2e.server import NAME, PASSWORD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from tests.e2e.server import Server

PICTURE = "data:text/html,<title>{0}</title><body style='background:teal'>{0}"


@pytest.fixture(scope="module")
def login(server: Server) -> None:
    """Other tests may have made it by the setup link."""
    server.run("createoperator", NAME, "--password-stdin", typed=f"{PASSWORD}\n")


@pytest.fixture
async def desk(server: Server, login: None, people: Browser) -> AsyncIterator[Desk]:
    window = await people.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    desk = Desk(await window.new_page())
    await desk.log_in(NAME)
    yield desk
    await window.close()


async def test_the_list_follows_without_disturbing(desk: Desk, api: httpx.Client) -> None:
    page = desk.page
    first = api.post("sessions", json={"url": PICTURE.format("First"), "labels": {"team": "red"}}).json()[
        "id"
    ]
    await page.goto("/")
    row = page.locator(f"#{first}")
    await expect(row).to_contain_text("First")
    await expect(row.locator("img")).to_have_js_property("complete", True)
    await row.evaluate("element => { element.kept = true; element.querySelector('img').kept = true; }")
    await page.keyboard.press("/")
    second = api.post("sessions", json={"name": "Second"}).json()["id"]
    await expect(page.locator(f"#{second}")).to_contain_text("Second")
    api.post(f"sessions/{second}/release")
    await expect(page.locator(f"#{second}")).to_contain_text("released")
    # The same nodes still: nothing flickered, and the focus stayed.
    assert await row.evaluate("element => element.kept && element.querySelector('img').kept")
    assert await desk.is_focused("#q")
    await page.keyboard.type("secon")
    await expect(row).to_have_count(0)
    await expect(page).to_have_url(re.compile(r"/\?q=secon&view=wall$"))
    assert await desk.is_focused("#q")
    assert desk.complaints == []


async def test_labels_are_edited_in_place_while_the_facts_follow(desk: Desk, api: httpx.Client) -> None:
    page = desk.page
    session = api.post("sessions", json={"name": "Shop", "labels": {"team": "red"}}).json()["id"]
    await page.goto(f"/sessions/{session}")
    await expect(page.locator("canvas")).to_have_attribute("data-state", "connected")
    await page.get_by_role("tab", name="Labels").click()
    team = page.get_by_label("team", exact=True)
    await team.fill("blue")
    await team.press("Enter")
    await page.get_by_label("New label's value").fill("half typed")
    await page.get_by_label("New label", exact=True).fill("not a key")
    await page.get_by_label("New label", exact=True).press("Enter")
    await expect(page.locator("#label-error")).to_contain_text("A key is 1 to 63")
    api.patch(f"sessions/{session}", json={"name": "Renamed"})
    await expect(page.locator("#head")).to_contain_text("Renamed")
    await expect(page.get_by_label("New label's value")).to_have_value("half typed")
    await expect(page.locator("#label-error")).to_be_visible()
    assert api.get(f"sessions/{session}/labels").json() == {"team": "blue"}
    await page.get_by_role("button", name="Remove the label team").click()
    await expect(team).to_have_count(0)
    assert api.get(f"sessions/{session}/labels").json() == {}
    assert [line for line in desk.complaints if "422" not in line] == []


async def test_at_least_seventy_percent_is_the_live_view(desk: Desk, api: httpx.Client) -> None:
    page = desk.page
    session = api.post("sessions", json={}).json()["id"]
    await page.goto(f"/sessions/{session}")
    view = await page.locator("[data-viewer]").bounding_box()
    assert view
    # What an operator must hear of may take a line from it.
    banners = await page.locator(".banners").bounding_box()
    height = view["height"] + (banners["height"] if banners else 0)
    assert view["width"] * height >= 0.7 * 1280 * 800
    await page.get_by_role("button", name="Details").click()
    await expect(page.locator("#panel")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
async def test_nothing_is_blocked_nor_wider_than_the_window(
    desk: Desk, api: httpx.Client, size: tuple[int, int]
) -> None:
    script = "<img src=x onerror=alert(1)>"
    asked = {"url": PICTURE.format(script), "name": script, "labels": {"note": script, "team": "a" * 200}}
    session = api.post("sessions", json=asked).json()["id"]
    await desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/", "/sessions/new", "/access", f"/sessions/{session}"):
        await desk.page.goto(path)
        await expect(desk.page.get_by_role("main")).to_be_visible()
        for part in ("html", "main"):
            width = await desk.page.locator(part).evaluate("element => element.scrollWidth")
            assert width <= size[0], (path, part)
    assert desk.complaints == []


async def test_a_key_is_made_copied_and_revoked(desk: Desk, server: Server) -> None:
    page = desk.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    await page.goto("/access")
    await page.get_by_label("Name").fill("CI runner")
    await page.get_by_role("button", name="Create key").click()
    key = await page.get_by_label("CI runner", exact=True).input_value()
    await page.get_by_role("button", name="Copy: CI runner").click()
    assert await page.evaluate("navigator.clipboard.readText()") == key
    await page.get_by_role("button", name="Revoke CI runner").click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("button", name="Revoke CI runner")).to_be_visible()
    await page.get_by_role("button", name="Revoke CI runner").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("row", name="CI runner")).to_contain_text("revoked")
    assert desk.complaints == []
