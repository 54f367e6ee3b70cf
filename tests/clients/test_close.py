"""What a client's own `close` ends: its attachment, or the session that was started so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright

from tests.e2e.server import until

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.clients.programs import Programs


async def test_puppeteers_close_ends_a_session_that_is_set_so(
    start: Callable[..., dict[str, Any]], programs: Programs, api: httpx.Client
) -> None:
    session = start(on_client_close="release")
    await programs.puppeteer(session["cdp_url"])
    ended = until(lambda: _ended(api, session["id"]))
    assert (ended["status"], ended["end_reason"]) == ("released", "released")


async def test_playwrights_close_ends_a_connection_and_says_nothing_of_the_browser(
    start: Callable[..., dict[str, Any]], api: httpx.Client
) -> None:
    session = start(on_client_close="release")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(session["cdp_url"])
        await browser.close()
        again = await playwright.chromium.connect_over_cdp(session["cdp_url"])
        assert await again.contexts[0].pages[0].title() == "Playground"
        # This is how one of its programs ends the session.
        closing = await again.new_browser_cdp_session()
        await closing.send("Browser.close")
    ended = until(lambda: _ended(api, session["id"]))
    assert ended["status"] == "released"


def _ended(api: httpx.Client, session_id: str) -> dict[str, Any] | None:
    session: dict[str, Any] = api.get(f"sessions/{session_id}").json()
    return session if session["ended_at"] else None
