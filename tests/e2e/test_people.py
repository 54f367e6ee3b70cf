"""People come in by an invitation, put a second factor on their login, and lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.desk import Desk
from tests.e2e.server import PASSWORD
from tests.second_factors import code_of

if TYPE_CHECKING:
    from tests.e2e.server import Server

BOSS = "harbourmaster"


@pytest.fixture(scope="module")
def boss(server: Server) -> None:
    server.run("createoperator", BOSS, "--password-stdin", typed=f"{PASSWORD}\n")


async def window_of(server: Server, people: Browser) -> Desk:
    window = await people.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    return Desk(await window.new_page())


async def make_link(page: Page, note: str) -> str:
    await page.goto("/access/invitations")
    await page.get_by_label("For whom").fill(note)
    await page.get_by_role("button", name="Make a link").click()
    return await page.get_by_label(note, exact=True).input_value()


async def give_code(page: Page, name: str, code: str) -> None:
    await page.goto("/login")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Log in").click()


async def test_from_the_invitation_to_a_lost_phone(server: Server, boss: None, people: Browser) -> None:
    master, mate = await window_of(server, people), await window_of(server, people)
    await master.log_in(BOSS)
    link = await make_link(master.page, "Cy")

    page = mate.page
    await page.goto("/invite")
    await expect(page.get_by_text("Open the whole link")).to_be_visible()
    await page.goto(link)
    await expect(page.get_by_text(f"{BOSS} invites you to the project Default")).to_be_visible()
    assert "#" not in page.url, "the address bar shows the link to nobody"
    await page.get_by_label("Name").fill("cy")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Make the login").click()
    await expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    await page.goto("/account")
    await page.get_by_role("button", name="Set it up").click()
    secret = await page.get_by_role("textbox", name="Or type this key").input_value()
    factor = page.locator("#second-factor")
    await factor.get_by_label("Code that").fill(code_of(secret))
    await factor.get_by_label("Your password").fill(PASSWORD)
    await factor.get_by_role("button", name="Turn it on").click()
    await expect(factor.get_by_text("10 recovery codes left")).to_be_visible()
    codes = await factor.get_by_role("listitem").all_inner_texts()

    other = (await window_of(server, people)).page
    await give_code(other, "cy", "000000")
    await expect(other.get_by_role("alert")).to_contain_text("This code is wrong")
    await other.get_by_label("Code").fill(codes[0])
    await other.get_by_role("button", name="Log in").click()
    await expect(other.get_by_role("navigation", name="Main")).to_be_visible()

    await page.reload()
    await page.get_by_role("button", name="End all others").click()
    await expect(page.locator("#logins tbody tr")).to_have_count(1)
    await other.reload()
    await expect(other).to_have_url(f"{server.url}/login?next=%2F")

    await master.page.goto("/access/people")
    await master.page.get_by_role("button", name="Reset the second factor of cy").click()
    await master.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    await expect(master.page.get_by_role("button", name="Reset the second factor of cy")).to_have_count(0)
    await Desk(other).log_in("cy")
    assert (master.complaints, mate.complaints) == ([], [])


async def test_who_has_a_login_already_finds_the_invitation_again(
    server: Server, boss: None, people: Browser
) -> None:
    master = await window_of(server, people)
    await master.log_in(BOSS)
    link = await make_link(master.page, "Dee")
    page = (await window_of(server, people)).page
    await page.goto(link)
    await page.get_by_role("link", name="Log in with it").click()
    await page.get_by_label("Name").fill(BOSS)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_text(f"You are logged in as {BOSS}")).to_be_visible()
    await page.get_by_role("button", name="Join the project").click()
    await expect(page.get_by_text("belongs to this project already, as admin")).to_be_visible()


async def test_the_new_password_ends_the_login_elsewhere(server: Server, boss: None, people: Browser) -> None:
    here, there = await window_of(server, people), await window_of(server, people)
    server.run("createoperator", "eve", "--password-stdin", typed=f"{PASSWORD}\n")
    await here.log_in("eve")
    await there.log_in("eve")
    await here.page.goto("/account")
    part = here.page.locator("#password-part")
    await part.get_by_label("Your password now").fill(PASSWORD)
    await part.get_by_label("New password", exact=True).fill("another long phrase")
    await part.get_by_label("New password again").fill("another long phrase")
    await part.get_by_role("button", name="Change password").click()
    await expect(part.get_by_role("status")).to_have_text("The password is changed, and 1 other login ended.")
    await expect(here.page.locator("#logins tbody tr")).to_have_count(1)
    await there.page.reload()
    await expect(there.page.get_by_role("heading", name="Log in")).to_be_visible()
    await there.log_in("eve", "another long phrase")
    assert here.complaints == []
