"""Each client, unmodified, does on a session what its users do with a browser of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from tests.clients.programs import Programs
    from tests.site.server import Playground

REFUSED = "only http, https, about, data and blob may be opened"


def address_of(session: dict[str, Any], kind: str) -> str:
    """Where Playwright may be pointed: at the socket, or at what names it."""
    address: str = session["cdp_url"]
    return address if kind == "ws" else address.replace("ws://", "http://")


@pytest.mark.parametrize("kind", ["ws", "http"])
async def test_playwright_for_node(
    start: Callable[..., dict[str, Any]], programs: Programs, api: httpx.Client, kind: str
) -> None:
    session = start()
    found = await programs.playwright(address_of(session, kind))
    assert REFUSED in found.pop("refused")
    assert found == {
        "first": "Playground",
        "name": "Ada",
        "frames": ["other over there", "other click", "same-nested click"],
        "shadow": "nested click",
        "dialog": "said Bob",
        "download": "report.txt",
        "routed": "Only this",
        "popup": "Article",
        "picture": "PNG",
    }
    files = api.get(f"sessions/{session['id']}/files").json()["items"]
    assert [file["name"] for file in files] == ["downloads/report.txt"]
    assert api.get(f"sessions/{session['id']}").json()["status"] == "running"


@pytest.mark.parametrize("kind", ["ws", "http"])
async def test_playwright_for_python(
    start: Callable[..., dict[str, Any]], playground: Playground, api: httpx.Client, tmp_path: Path, kind: str
) -> None:
    session = start("/form")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address_of(session, kind))
        page = browser.contexts[0].pages[0]
        await page.get_by_label("Name").fill("Ada")
        await page.get_by_label("Sizes").select_option(["s", "l"])
        await page.get_by_role("button", name="Send").click()
        assert await page.locator("#name").text_content() == "Ada"
        await page.goto(playground.url("/upload"))
        given = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"by hand"}
        await page.set_input_files("#one", given)  # type: ignore[arg-type]
        assert await page.locator("#out").text_content() == "one: note.txt (7) by hand\n"
        # A file of the program's own machine travels to the browser's.
        own = tmp_path / "own.txt"
        own.write_text("from here")
        await page.set_input_files("#some", own)
        assert "some: own.txt (9) from here\n" in (await page.locator("#out").text_content() or "")
        await browser.contexts[0].add_cookies([{"name": "kept", "value": "1", "url": playground.url("/")}])
        await browser.close()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address_of(session, kind))
        # What the first one did to the browser is there for the next.
        assert [cookie["name"] for cookie in await browser.contexts[0].cookies()] == ["kept"]
        private = await browser.new_context()
        assert await private.cookies() == []
        await private.close()
        await browser.close()
    assert api.get(f"sessions/{session['id']}").json()["status"] == "running"


async def test_puppeteer(start: Callable[..., dict[str, Any]], programs: Programs, api: httpx.Client) -> None:
    session = start()
    found = await programs.puppeteer(session["cdp_url"])
    assert REFUSED in found.pop("refused")
    assert sorted(found.pop("frames")) == ["other click", "same click"]
    assert found == {
        "first": "Playground",
        "name": "Ada",
        "shadow": "nested click",
        "dialog": "said Bob",
        "routed": "Only this",
        "popup": "Article",
        "picture": "PNG",
    }
    assert api.get(f"sessions/{session['id']}").json()["status"] == "running"


@pytest.mark.parametrize("kind", ["ws", "http"])
async def test_browser_use(start: Callable[..., dict[str, Any]], programs: Programs, kind: str) -> None:
    found = await programs.browser_use(address_of(start(), kind))
    assert found["picture"]
    assert "Submitted\nname\nAda\n" in found["shown"]


async def test_agent_browser(start: Callable[..., dict[str, Any]], programs: Programs) -> None:
    found = await programs.agent_browser(start()["cdp_url"])
    assert REFUSED in found.pop("refused")
    assert found == {"name": "Ada", "title": "Submitted"}
