"""A program's way: REST, the live socket, Playwright by the CDP address."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
import websockets
from playwright.async_api import Error, async_playwright

from tests.e2e.live import BLUE, GREEN, RED, watching
from tests.e2e.server import until

if TYPE_CHECKING:
    import httpx

    from tests.e2e.server import Server
    from tests.e2e.site import Site
    from tests.site.server import Playground


def _start(api: httpx.Client, url: str) -> dict[str, str]:
    answer = api.post("sessions", json={"url": url, "labels": {"project": "demo"}})
    assert answer.status_code == 201, answer.text
    session: dict[str, str] = answer.json()
    return session


async def test_a_program_starts_watches_steers_and_releases_a_session(api: httpx.Client, site: Site) -> None:
    session = _start(api, f"{site.url}/colours")
    assert session["status"] == "running"
    async with watching(api, session["id"]) as watcher:
        await watcher.see(RED)
        await watcher.click(640, 360)
        await watcher.see(GREEN)
        await watcher.click(100, 30)
        await watcher.say("text", text="ahoy")
        await watcher.see(BLUE)
        released = api.post(f"sessions/{session['id']}/release", json={})
        assert released.json()["status"] == "released"
        assert (await watcher.hear("ended"))["reason"] == "released"
        assert await watcher.closed() == 4410
    again = api.post(f"sessions/{session['id']}/release", json={})
    assert (again.status_code, again.json()["end_reason"]) == (200, "released")


async def test_two_playwright_clients_and_a_viewer_share_a_session(api: httpx.Client, site: Site) -> None:
    session = _start(api, f"{site.url}/colours")
    by_http = session["cdp_url"].replace("ws://", "http://")
    async with watching(api, session["id"]) as watcher, async_playwright() as one, async_playwright() as two:
        first = await one.chromium.connect_over_cdp(session["cdp_url"])
        second = await two.chromium.connect_over_cdp(by_http)
        page, same_page = first.contexts[0].pages[0], second.contexts[0].pages[0]
        await page.fill("#field", "ahoy")
        await watcher.see(BLUE)
        assert await same_page.input_value("#field") == "ahoy"
        await watcher.click(640, 360)
        await watcher.see(GREEN)
        other_page = await second.contexts[0].new_page()
        await other_page.goto(f"{site.url}/colours")
        await watcher.see(RED)
        assert len(api.get(f"sessions/{session['id']}/tabs").json()["items"]) == 2
        await first.close()
        assert await same_page.title() == "Colours"
        assert api.get(f"sessions/{session['id']}").json()["status"] == "running"
        await second.close()


async def test_a_playwright_client_cannot_read_the_machines_files(api: httpx.Client, site: Site) -> None:
    session = _start(api, f"{site.url}/colours")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(session["cdp_url"])
        page = browser.contexts[0].pages[0]
        with pytest.raises(Error, match="only http, https, about, data and blob may be opened"):
            await page.goto("file:///etc/passwd")
        assert await page.title() == "Colours"
        await browser.close()


async def test_the_cdp_address_needs_its_token(api: httpx.Client, site: Site) -> None:
    session = _start(api, f"{site.url}/colours")
    address = session["cdp_url"][:-1] + ("A" if session["cdp_url"][-1] != "A" else "B")
    async with async_playwright() as playwright:
        with pytest.raises(Error):
            await playwright.chromium.connect_over_cdp(address)
        with pytest.raises(Error, match="401"):
            await playwright.chromium.connect_over_cdp(address.replace("ws://", "http://"))


async def test_input_from_a_view_only_ticket_changes_nothing(api: httpx.Client, site: Site) -> None:
    session = _start(api, f"{site.url}/colours")
    async with watching(api, session["id"], "view") as onlooker, watching(api, session["id"]) as controller:
        await onlooker.see(RED)
        await onlooker.click(640, 360)
        assert (await onlooker.hear("error"))["code"] == "forbidden"
        await onlooker.say("navigate", url="about:blank")
        assert await onlooker.closed() == 4403
        # What the controller does arrives after whatever the onlooker did.
        await controller.click(100, 30)
        await controller.say("text", text="ahoy")
        await controller.see(BLUE)
        assert api.get(f"sessions/{session['id']}").json()["url"] == f"{site.url}/colours"
    assert onlooker.colour() is not None


async def test_a_client_that_stops_reading_is_cut_off_and_nobody_else_notices(
    server: Server, api: httpx.Client, playground: Playground
) -> None:
    session = _start(api, playground.url("/colours"))
    before = server.process.memory_info().rss
    async with watching(api, session["id"]) as watcher, async_playwright() as playwright:
        await watcher.see(RED)
        browser = await playwright.chromium.connect_over_cdp(session["cdp_url"])
        page = browser.contexts[0].pages[0]
        # Its library stops reading from the socket when sixteen messages wait to be taken.
        async with websockets.connect(session["cdp_url"], max_size=None) as stalled:
            await _say(stalled, 1, "Target.getTargets")
            told = json.loads(await stalled.recv())["result"]["targetInfos"]
            target = next(info["targetId"] for info in told if info["type"] == "page")
            await _say(stalled, 2, "Target.attachToTarget", targetId=target, flatten=True)
            await stalled.recv()
            below = json.loads(await stalled.recv())["result"]["sessionId"]
            for number in range(200):
                text = {"expression": "'x'.repeat(1 << 20)", "returnByValue": True}
                await _say(stalled, number + 3, "Runtime.evaluate", below, **text)
            await asyncio.to_thread(until, lambda: "code=4429" in server.log.read_text())
            assert server.process.memory_info().rss - before < 200 << 20
        await page.fill("#field", "ahoy")
        await watcher.see(BLUE)
        await browser.close()
    assert api.get(f"sessions/{session['id']}").json()["status"] == "running"


async def _say(
    socket: websockets.ClientConnection, number: int, method: str, session: str | None = None, **params: Any
) -> None:
    message = {"id": number, "method": method, "params": params}
    await socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
