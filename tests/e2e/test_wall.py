"""The wall in front of a person: it lives, says who needs somebody, and many are dealt with at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from playwright.async_api import Page

    from tests.e2e.desk import LogIn
    from tests.e2e.server import Server

# The middle of a session's picture, once it has one.
PIXEL = """(id) => {
  const image = document.getElementById(id)?.querySelector("img[src]");
  if (!image) return null;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""
GREEN = "data:text/html,<title>Green</title><body style='margin:0;background:rgb(0,160,0)'>"
TURNS_RED = GREEN + "<script>setTimeout(() => document.body.style.background = 'rgb(200,0,0)', 3000)</script>"


@pytest.fixture
def api(harbour: Server) -> Iterator[httpx.Client]:
    """A program beside the people; what it started is gone with the test."""
    with harbour.api() as client:
        before = {one["id"] for one in client.get("sessions", params={"limit": 100}).json()["items"]}
        yield client
        after = [one["id"] for one in client.get("sessions", params={"limit": 100}).json()["items"]]
        client.post("sessions/release", json={"ids": [one for one in after if one not in before]})


def make(api: httpx.Client, **asked: object) -> str:
    return str(api.post("sessions", json=asked).json()["id"])


async def _shows(page: Page, session_id: str, channel: int) -> None:
    """Until this colour is the strongest in the session's picture."""
    await page.wait_for_function(
        f"([id, channel]) => {{ const seen = ({PIXEL})(id);"
        " return seen && seen.every((value, index) => index === channel || value + 60 < seen[channel]); }",
        arg=[session_id, channel],
    )


async def test_pictures_live_and_news_come_by_themselves(log_in: LogIn, api: httpx.Client) -> None:
    session = make(api, url=TURNS_RED)
    desk = await log_in("operator")
    page = desk.page
    await page.goto("/?view=wall")
    tile = page.locator(f"#{session}")
    await _shows(page, session, 1)
    await _shows(page, session, 0)
    await page.keyboard.press("v")
    await expect(page).to_have_url(re.compile("view=table"))
    await _shows(page, session, 0)
    asks = make(
        api, url="data:text/html,<title>Asks</title><script>setTimeout(() => confirm('?'), 300)</script>"
    )
    await expect(page.locator(f"#{asks}")).to_contain_text("Dialog", timeout=8000)
    await expect(page.locator("#rows > [data-session]").first).to_have_id(asks)
    await page.keyboard.press("v")
    api.post(f"sessions/{session}/release")
    await expect(tile).to_contain_text("This session was released.")
    await expect(tile.locator("img")).to_have_attribute("src", re.compile("^blob:"))
    assert desk.complaints == []


async def test_many_are_labelled_and_released_by_keys(log_in: LogIn, api: httpx.Client) -> None:
    ids = [make(api, name=f"Number {number}") for number in range(3)]
    desk = await log_in("operator")
    page = desk.page
    await page.goto("/?view=table&q=Number&status=running")
    await expect(page.locator("#rows > [data-session]")).to_have_count(3)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("j")
    await page.keyboard.press("Shift+X")
    bar = page.get_by_role("region", name="The selected sessions")
    await expect(bar).to_contain_text("3 sessions selected")
    await page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="Label 3 sessions")
    await dialog.get_by_label("Label", exact=True).fill("not a key")
    await dialog.get_by_role("button", name="Set label").click()
    await expect(dialog).to_contain_text("A key is 1 to 63")
    await dialog.get_by_label("Label", exact=True).fill("shift")
    await dialog.get_by_label("Value").fill("night")
    await dialog.get_by_role("button", name="Set label").click()
    await expect(bar).to_contain_text("3 sessions labelled.")
    await expect(page.locator(f"#{ids[0]}")).to_contain_text("shift night")
    assert api.get(f"sessions/{ids[2]}/labels").json() == {"shift": "night"}
    await page.locator(f"#{ids[0]}").get_by_role("checkbox").click()
    await page.keyboard.press("r")
    await expect(page.get_by_role("dialog")).to_contain_text("Release Number 0?")
    await page.keyboard.press("Escape")
    await page.locator(f"#{ids[1]}").get_by_role("checkbox").click()
    await page.keyboard.press("r")
    await page.get_by_role("dialog").get_by_role("button", name="Release").click()
    await expect(bar).to_contain_text("2 sessions released.")
    await expect(page.locator("#rows > [data-session]")).to_have_count(1)
    assert [api.get(f"sessions/{one}").json()["status"] for one in ids] == ["released", "released", "running"]
    assert [line for line in desk.complaints if "422" not in line] == []


async def test_one_released_by_itself_leaves_the_others_chosen(log_in: LogIn, api: httpx.Client) -> None:
    ids = [make(api, name=f"Alone {number}") for number in range(3)]
    desk = await log_in("operator")
    page = desk.page
    await page.goto("/?view=table&q=Alone&status=running")
    for one in ids[:2]:
        await page.locator(f"#{one}").get_by_role("checkbox").click()
    bar = page.get_by_role("region", name="The selected sessions")
    await page.locator("summary[aria-label=Account]").click()
    await page.keyboard.press("Escape")
    await expect(bar).to_contain_text("2 sessions selected")
    for answer in ("Cancel", "Release"):
        await page.locator(f"#{ids[2]} [data-release]").click()
        await page.get_by_role("dialog").get_by_role("button", name=answer).click()
        await expect(bar).to_contain_text("2 sessions selected")
    await expect(bar).to_contain_text("1 session released.")
    await expect(page.locator("#rows > [data-session]")).to_have_count(2)
    assert [api.get(f"sessions/{one}").json()["status"] for one in ids] == ["running", "running", "released"]
    assert desk.complaints == []


async def test_keys_walk_and_open(log_in: LogIn, api: httpx.Client) -> None:
    ids = [make(api, name=f"Walked {number}") for number in range(3)]
    desk = await log_in("operator")
    page = desk.page
    await page.goto("/?view=wall&q=Walked&status=running")
    await expect(page.locator("#rows > [data-session]")).to_have_count(3)
    await page.keyboard.press("j")
    assert await desk.is_focused(f"#{ids[2]} .row-link")
    await page.keyboard.press("ArrowRight")
    assert await desk.is_focused(f"#{ids[1]} .row-link")
    # Another one needs somebody and moves to the front; whoever walks stays where they are.
    api.patch(f"sessions/{ids[0]}", json={"name": "Walked on"})
    await expect(page.locator(f"#{ids[0]}")).to_contain_text("Walked on")
    assert await desk.is_focused(f"#{ids[1]} .row-link")
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"/sessions/{ids[2]}$"))


async def test_who_may_only_look_has_pictures_and_nothing_to_choose(log_in: LogIn, api: httpx.Client) -> None:
    session = make(api, url=GREEN)
    desk = await log_in("viewer")
    page = desk.page
    await page.goto("/?view=wall")
    await _shows(page, session, 1)
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("r")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert desk.complaints == []
