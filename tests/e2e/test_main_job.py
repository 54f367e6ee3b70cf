"""The main job: a person starts a session, steers it, labels it, shares it and releases it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.live import BLUE, GREEN, RED
from tests.e2e.server import NAME, PASSWORD
from tests.e2e.viewer_page import ViewerPage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from tests.e2e.server import Server
    from tests.e2e.site import Site


def _watch_for_errors(page: Page) -> list[str]:
    """What the browser reports of a page: its own errors and whatever the content policy blocked."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    return errors


@pytest.fixture
async def operator(server: Server, people: Browser) -> AsyncIterator[BrowserContext]:
    """Somebody who has logged in: by the setup link the first time, by password from then on."""
    window = await people.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    page = await window.new_page()
    await page.goto(server.setup_link())
    if await page.get_by_role("heading", name="Make the first login").count():
        await page.get_by_label("Name").fill(NAME)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Make the login").click()
    else:
        await page.goto("/login")
        await page.get_by_label("Name").fill(NAME)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
    await expect(page).to_have_url(f"{server.url}/")
    await page.close()
    yield window
    await window.close()


async def _start_by_form(page: Page, address: str) -> str:
    """The id of a session that a person starts."""
    await page.goto("/sessions/new")
    await page.get_by_label("Address", exact=True).fill(address)
    await page.get_by_role("button", name="Start session").click()
    await page.wait_for_url(re.compile(r"/sessions/ses_"))
    return page.url.rpartition("/")[2]


async def _label(page: Page, key: str, value: str) -> None:
    await page.get_by_role("tab", name="Labels").click()
    await page.get_by_label("New label", exact=True).fill(key)
    await page.get_by_label("New label's value").fill(value)
    await page.get_by_role("button", name="Add the label").click()
    await expect(page.get_by_label(key, exact=True)).to_have_value(value)


async def _release(page: Page) -> None:
    await page.locator("#release").click()
    await page.get_by_role("dialog").get_by_role("button", name="Release").click()
    await expect(page.locator("#facts")).to_contain_text("This session was released by an operator.")


async def test_start_steer_label_share_and_release(
    api: httpx.Client, operator: BrowserContext, people: Browser, site: Site
) -> None:
    mine = ViewerPage(await operator.new_page())
    errors = _watch_for_errors(mine.page)
    session_id = await _start_by_form(mine.page, f"{site.url}/colours")
    await mine.is_live()
    await mine.shows(RED)
    await mine.click(640, 360)
    await mine.shows(GREEN)
    await mine.click(100, 30)
    await mine.type("ahoy")
    await mine.shows(BLUE)
    await expect(mine.part("holder")).to_have_text("You have control")
    await expect(mine.page.locator("#facts")).to_contain_text("captain (person)")
    await _label(mine.page, "project", "demo")
    assert api.get(f"sessions/{session_id}/labels").json() == {"project": "demo"}

    await mine.page.get_by_role("tab", name="Access").click()
    shared = await mine.page.get_by_label("To share", exact=True).input_value()
    private_window = await people.new_context()
    theirs = ViewerPage(await private_window.new_page())
    their_errors = _watch_for_errors(theirs.page)
    await theirs.page.goto(shared)
    await theirs.is_live()
    await theirs.shows(BLUE)
    await mine.page.get_by_role("button", name="Give back").click()
    await theirs.click(640, 360)
    await theirs.shows(GREEN)
    await mine.shows(GREEN)
    await expect(mine.part("holder")).to_contain_text("Controlled by Guest")

    await _release(mine.page)
    await theirs.ended("released by an operator")
    session = api.get(f"sessions/{session_id}").json()
    assert (session["status"], session["end_reason"]) == ("released", "released_by_operator")
    assert (errors, their_errors) == ([], [])
    await private_window.close()


async def test_a_view_link_watches_but_cannot_steer(api: httpx.Client, people: Browser, site: Site) -> None:
    session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
    link = api.post(f"sessions/{session['id']}/live-links", json={"role": "view", "ttl": 60}).json()
    window = await people.new_context()
    viewer = ViewerPage(await window.new_page())
    await viewer.page.goto(link["url"])
    await viewer.is_live()
    await viewer.shows(RED)
    await expect(viewer.part("holder")).to_have_text("View only")
    await viewer.click(640, 360)
    await viewer.shows(RED)

    revoked = api.delete(f"sessions/{session['id']}/live-links/{link['id']}")
    assert revoked.status_code == 204
    await viewer.refused("revoked")
    await window.close()


async def test_wrong_and_dead_links_say_so(server: Server, api: httpx.Client, people: Browser) -> None:
    session = api.post("sessions", json={}).json()
    window = await people.new_context()
    viewer = ViewerPage(await window.new_page())
    await viewer.page.goto(f"{server.url}/live/{session['id']}#wrong")
    await viewer.refused("not known")
    await viewer.page.goto(f"{server.url}/live/lnk_nobody#wrong")
    await viewer.refused("not known")
    api.post(f"sessions/{session['id']}/release", json={})
    await viewer.page.goto(session["resource_url"])
    await viewer.ended("released")
    await window.close()


async def test_tabs_history_and_the_address_bar(api: httpx.Client, people: Browser, site: Site) -> None:
    session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
    window = await people.new_context()
    viewer = ViewerPage(await window.new_page())
    await viewer.page.goto(session["resource_url"])
    await viewer.is_live()
    await viewer.shows(RED)
    await expect(viewer.part("address")).to_have_value(f"{site.url}/colours")

    await viewer.part("address").fill(f"{site.url}/green")
    await viewer.page.keyboard.press("Enter")
    await viewer.shows(GREEN)
    await viewer.part("back").click()
    await viewer.shows(RED)
    await viewer.part("forward").click()
    await viewer.shows(GREEN)

    await viewer.part("tab-new").click()
    await expect(viewer.part("tab-activate")).to_have_count(2)
    await viewer.part("address").fill(f"{site.url}/colours")
    await viewer.page.keyboard.press("Enter")
    await viewer.shows(RED)
    await viewer.part("tab-activate").first.click()
    await viewer.shows(GREEN)
    await viewer.part("tab-close").first.click()
    await viewer.shows(RED)
    await expect(viewer.part("tab-activate")).to_have_count(1)
    await window.close()


async def test_a_viewer_comes_back_after_the_server_restarts_and_learns_the_end(
    own_server: Server, people: Browser, site: Site
) -> None:
    own_server.start()
    with own_server.api() as api:
        session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
    window = await people.new_context()
    viewer = ViewerPage(await window.new_page())
    await viewer.page.goto(session["resource_url"])
    await viewer.is_live()
    own_server.kill()
    await expect(viewer.canvas).to_have_attribute("data-state", "reconnecting")
    own_server.start()
    await viewer.ended("its server was lost")
    await window.close()
