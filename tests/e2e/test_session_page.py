"""A session's page as an operator has it: what happens inside, pictures of it, programs for it, its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.e2e.desk import Desk
from tests.e2e.server import NAME
from tests.e2e.site import Site
from tests.har import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


HARBOUR = """<!doctype html><title>Harbour</title><body style="background: teal"><img src="/missing.png">
    <script>
      console.warn("fog ahead");
      for (let at = 1; at <= 60; at++) console.info(`wave ${at}`);
      console.debug("depth 7");
      addEventListener("click", () => { console.log("a bell rings"); fetch("/lights?on=1"); sink(); });
    </script>"""


@pytest.fixture(scope="module")
def harbour() -> Iterator[str]:
    pages = Site({"/": HARBOUR, "/lights?on=1": "ok"})
    yield f"{pages.url}/"
    pages.close()


@pytest.fixture
async def session(desk: Desk, api: httpx.Client, harbour: str) -> str:
    """Its page is open and live."""
    made = api.post("sessions", json={"url": harbour, "name": "Harbour"}).json()
    await desk.page.goto(f"/sessions/{made['id']}")
    await expect(desk.page.locator("canvas")).to_have_attribute("data-state", "connected")
    return str(made["id"])


async def test_console_and_network_are_read_filtered_and_followed(desk: Desk, session: str) -> None:
    page = desk.page
    await page.get_by_role("tab", name="Console").click()
    console = page.get_by_role("tabpanel", name="Console")
    await expect(console.get_by_text("fog ahead")).to_be_visible()
    await expect(console.get_by_text("depth 7")).to_be_visible()
    await console.get_by_label("Level").select_option("Errors and warnings")
    await expect(console.get_by_text("depth 7")).to_have_count(0)
    await page.get_by_role("button", name="Take control").click()
    await page.locator("canvas").click()
    await expect(console.get_by_text("sink is not defined")).to_be_visible()
    await expect(console.get_by_text("a bell rings")).to_have_count(0)
    await console.get_by_label("Text in the console").fill("nowhere")
    await expect(console.get_by_text(re.compile("None of .* matches"))).to_be_visible()

    await page.get_by_role("tab", name="Network").click()
    network = page.get_by_role("tabpanel", name="Network")
    await expect(network.get_by_role("button", name="lights?on=1")).to_be_visible()
    await network.get_by_label("Failed only").check()
    await expect(network.get_by_role("button", name="lights?on=1")).to_have_count(0)
    missing = network.get_by_role("button", name="404 missing.png")
    await missing.click()
    await expect(missing).to_have_attribute("aria-expanded", "true")
    await expect(network.locator("dl").get_by_text("/missing.png")).to_be_visible()
    await expect(network.locator(".net-timing")).to_contain_text("Waiting")
    await network.get_by_text("Request headers").click()
    await expect(network.locator("dt", has_text="User-Agent")).to_be_visible()
    async with page.expect_download() as download:
        await network.get_by_role("link", name="HAR").click()
    archive = entries_of((await (await download.value).path()).read_bytes())
    assert {"/", "/missing.png", "/lights"} <= {urlsplit(entry["request"]["url"]).path for entry in archive}


async def test_the_part_that_was_open_is_open_again(desk: Desk, session: str) -> None:
    page = desk.page
    await page.get_by_role("tab", name="Overview").press("ArrowRight")
    await page.keyboard.press("End")
    await expect(page.get_by_role("tab", name="Access")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tabpanel", name="Network")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("tabpanel", name="Network")).to_be_visible()
    await expect(page.get_by_role("button", name="missing.png")).to_be_visible()
    await page.keyboard.press("1")
    await expect(page.get_by_role("tabpanel", name="Overview")).to_contain_text(session)


async def test_a_part_that_is_asked_for_by_its_key_is_unfolded(desk: Desk, session: str) -> None:
    page = desk.page
    await page.get_by_role("button", name="Details").click()
    await expect(page.get_by_role("tabpanel", name="Overview")).to_be_hidden()
    await page.keyboard.press("2")
    await expect(page.get_by_role("tabpanel", name="Labels")).to_be_visible()


async def test_who_is_there_is_read_when_it_is_asked_for(desk: Desk, session: str) -> None:
    await desk.page.get_by_role("tab", name="Access").click()
    await expect(desk.page.locator("#presence")).to_contain_text(f"{NAME} by a login")


async def test_tabs_are_opened_and_closed(desk: Desk, session: str, api: httpx.Client) -> None:
    page = desk.page
    await page.get_by_role("tab", name="Tabs").click()
    address = page.get_by_label("Address of a new tab")
    await address.fill("file:///etc")
    await address.press("Enter")
    await expect(page.locator("#tab-error")).to_be_visible()
    desk.complaints.clear()
    await address.fill("about:blank")
    await address.press("Enter")
    await expect(page.locator(".tab-row")).to_have_count(2)
    await expect(address).to_have_value("")
    await page.get_by_role("button", name="Close Harbour").last.click()
    await expect(page.locator(".tab-row")).to_have_count(1)
    tabs = api.get(f"sessions/{session}/tabs").json()["items"]
    assert [tab["url"] for tab in tabs] == ["about:blank"]


async def test_screenshots_are_kept_for_the_visit(desk: Desk, session: str) -> None:
    page = desk.page
    strip = page.get_by_role("list", name="Screenshots")
    await page.get_by_role("button", name="Take a screenshot").click()
    await expect(strip.get_by_role("link")).to_have_count(1)
    await page.get_by_role("heading", name="Harbour").click()
    await page.keyboard.press("s")
    await expect(strip.get_by_role("link")).to_have_count(2)
    picture = strip.get_by_role("img").first
    await expect(picture).to_have_js_property("naturalWidth", 1280)
    async with page.expect_download() as download:
        await strip.get_by_role("link").first.click()
    assert re.fullmatch(r"harbour-[\d-]+\.png", (await download.value).suggested_filename)
    await strip.get_by_role("button", name="Remove").first.click()
    await expect(strip.get_by_role("link")).to_have_count(1)


async def test_the_end_leaves_what_was_being_read(desk: Desk, session: str, api: httpx.Client) -> None:
    page = desk.page
    await page.get_by_role("tab", name="Console").click()
    console = page.get_by_role("tabpanel", name="Console")
    await expect(console.get_by_text("fog ahead")).to_be_visible()
    await console.get_by_text("wave 20").scroll_into_view_if_needed()
    api.post(f"sessions/{session}/release")
    await expect(console.get_by_text("the session has ended")).to_be_attached()
    await expect(page.get_by_role("tab", name="Access")).to_have_count(0)
    await expect(console.get_by_text("wave 20")).to_be_in_viewport()
    await page.reload()
    await expect(console.get_by_text("fog ahead")).to_be_visible()
    await page.get_by_role("tab", name="Timeline").click()
    await expect(page.get_by_role("tabpanel", name="Timeline")).to_contain_text("Released")
    await page.get_by_role("tab", name="Overview").click()
    await expect(page.get_by_role("tabpanel", name="Overview")).to_contain_text("This session was released.")
    await page.get_by_role("link", name="Start another like this").click()
    await expect(page.get_by_label("Name")).to_have_value("Harbour")
    await page.get_by_role("button", name="Start session").click()
    await expect(page.locator("canvas")).to_have_attribute("data-state", "connected")
