"""What a person has everywhere: keys and their list, the theme, times in the own zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.e2e.desk import LogIn
    from tests.e2e.world import World

GROUND = "getComputedStyle(document.documentElement).backgroundColor"


async def _choose_theme(page: Page, name: str) -> None:
    await page.locator("summary[aria-label=Account]").click()
    await page.get_by_role("group", name="Theme").get_by_role("radio", name=name).check()


async def test_the_theme_is_remembered_or_the_systems(log_in: LogIn) -> None:
    desk = await log_in("admin")
    page = desk.page
    await page.goto("/access")
    light = await page.evaluate(GROUND)
    await _choose_theme(page, "Dark")
    dark = await page.evaluate(GROUND)
    assert dark != light
    await page.goto("/")
    assert await page.evaluate(GROUND) == dark
    await page.locator("summary[aria-label=Account]").click()
    await expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    await page.get_by_role("radio", name="System").check()
    assert await page.evaluate(GROUND) == light
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(GROUND) == dark
    assert desk.complaints == []


async def test_the_keys_are_told_and_lead_about(log_in: LogIn, world: World) -> None:
    desk = await log_in("admin")
    page = desk.page
    await page.goto(f"/sessions/{world.ended}")
    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(keys).to_contain_text(re.compile("Go to: Access.*g.*a"))
    # Under the list nothing hears a key.
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await expect(keys).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await expect(page).to_have_url(re.compile(r"/access$"))
    await page.wait_for_load_state()
    await page.keyboard.press("/")
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.type("ga?")
    await expect(page.locator("#q")).to_have_value("ga?")
    assert desk.complaints == []


async def test_each_page_tells_its_own_keys(log_in: LogIn, world: World) -> None:
    page = (await log_in("admin")).page
    for path, words in (("/", "New session"), (f"/sessions/{world.running}", "Let go of the live view")):
        await page.goto(path)
        await page.keyboard.press("?")
        await expect(page.get_by_role("region", name="On this page")).to_contain_text(words)


async def test_single_keys_can_be_switched_off(log_in: LogIn) -> None:
    page = (await log_in("operator")).page
    await page.goto("/")
    await page.keyboard.press("?")
    await page.get_by_role("checkbox", name="Single keys work").uncheck()
    await page.keyboard.press("Escape")
    await page.reload()
    await page.keyboard.press("n")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page).to_have_url(re.compile("/$"))
    await page.locator("summary[aria-label=Account]").click()
    await page.get_by_role("button", name="Keyboard shortcuts").click()
    await page.get_by_role("checkbox", name="Single keys work").check()
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await expect(page).to_have_url(re.compile("/sessions/new$"))


async def test_times_are_told_in_the_chosen_zone(log_in: LogIn, world: World) -> None:
    page = (await log_in("admin")).page
    await page.goto(f"/sessions/{world.ended}")
    ended = page.locator("time[data-clock=ago]").first
    at = await ended.get_attribute("datetime")
    wanted = """([at, timeZone]) => new Date(at).toLocaleTimeString("en-GB", { timeZone })"""
    for zone in ("Asia/Tokyo", "America/Lima"):
        await page.evaluate("zone => localStorage.setItem('quarterdeck.zone', zone)", zone)
        await page.reload()
        await expect(ended).to_have_attribute("title", re.compile(await page.evaluate(wanted, [at, zone])))


async def test_the_whole_frame_is_reached_by_tab(log_in: LogIn) -> None:
    page = (await log_in("admin")).page
    await page.goto("/access")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    seen: list[str] = []
    await page.locator("body").evaluate("() => document.activeElement.blur()")
    await page.goto("/access")
    for _ in range(12):
        await page.keyboard.press("Tab")
        seen.append(
            await page.evaluate(
                "(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()"
            )
        )
    for name in ("Quarterdeck", "Sessions", "Access", "Search sessions", "Account"):
        assert name in seen, seen
