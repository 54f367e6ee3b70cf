"""All of them at once on one browser, beside a person who watches and steers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright

from tests.e2e.live import BLUE, GREEN, RED, watching

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.clients.programs import Programs
    from tests.site.server import Playground


async def test_five_clients_and_a_person_share_a_session(
    start: Callable[..., dict[str, Any]], programs: Programs, api: httpx.Client, playground: Playground
) -> None:
    session = start("/colours")
    address = session["cdp_url"]
    async with watching(api, session["id"]) as person, async_playwright() as playwright:
        await person.see(RED)
        browser = await playwright.chromium.connect_over_cdp(address)
        page = browser.contexts[0].pages[0]
        async with asyncio.TaskGroup() as group:
            node = group.create_task(programs.playwright(address, "shared"))
            puppeteer = group.create_task(programs.puppeteer(address, "shared"))
            agent = group.create_task(programs.browser_use(address))
            shell = group.create_task(programs.agent_browser(address))
            for number in range(50):
                await page.fill("#field", f"line {number}")
                assert await page.input_value("#field") == f"line {number}"
        assert node.result()["name"] == puppeteer.result()["name"] == shell.result()["name"] == "Ada"
        assert "Ada" in agent.result()["shown"]
        await page.bring_to_front()
        await person.say(
            "tab", action="activate", tab=api.get(f"sessions/{session['id']}/tabs").json()["items"][0]["id"]
        )
        await page.fill("#field", "ahoy")
        await person.see(BLUE)
        await person.click(640, 360)
        await person.see(GREEN)
        await browser.close()
    assert api.get(f"sessions/{session['id']}").json()["status"] == "running"


async def test_a_session_for_each_of_them(
    start: Callable[..., dict[str, Any]], programs: Programs, api: httpx.Client
) -> None:
    async with asyncio.TaskGroup() as group:
        clients = (programs.playwright, programs.puppeteer, programs.browser_use, programs.agent_browser)
        runs = [group.create_task(client(start()["cdp_url"])) for client in clients]
    assert all("Ada" in str(run.result()) for run in runs)
    assert api.get("sessions?status=running").json()["total"] == len(runs)
