"""What a session outlives: a full server, the server's own end, and its browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.live import RED, watching
from tests.e2e.server import until
from tests.e2e.viewer_page import ViewerPage

if TYPE_CHECKING:
    from typing import Any

    import httpx
    from playwright.async_api import Browser

    from tests.e2e.server import Server
    from tests.e2e.site import Site


@pytest.fixture
def small_server(own_server: Server) -> Server:
    """One may run, one may wait."""
    own_server.set(QUARTERDECK_MAX_SESSIONS="1", QUARTERDECK_QUEUE="1")
    own_server.start()
    return own_server


def _start(api: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = api.post("sessions", json=asked)
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()
    return session


def _runs(api: httpx.Client, session_id: str) -> bool:
    return bool(api.get(f"sessions/{session_id}").json()["status"] == "running")


def test_a_queued_session_starts_as_soon_as_a_place_is_free(small_server: Server) -> None:
    with small_server.api() as api:
        running, waiting = _start(api), _start(api)
        assert (running["status"], waiting["status"]) == ("running", "queued")
        refused = api.post("sessions", json={})
        assert (refused.status_code, refused.json()["code"]) == (429, "quota_exceeded")
        assert int(refused.headers["Retry-After"]) > 0
        api.post(f"sessions/{running['id']}/release")
        until(lambda: _runs(api, waiting["id"]), within=2)


@pytest.mark.parametrize("how", ["sigterm", "sigkill"])
def test_a_queued_session_outlives_its_server(small_server: Server, how: str) -> None:
    with small_server.api() as api:
        running, waiting = _start(api)["id"], _start(api)["id"]
    if how == "sigterm":
        small_server.stop()
    else:
        small_server.kill()
    small_server.start()
    with small_server.api() as api:
        until(lambda: _runs(api, waiting), within=5)
        assert (
            api.get(f"sessions/{running}").json()["status"] == {"sigterm": "released", "sigkill": "lost"}[how]
        )


async def test_who_opens_a_queued_session_waits_and_then_sees_it(
    small_server: Server, site: Site, people: Browser
) -> None:
    with small_server.api() as api:
        running, waiting = _start(api), _start(api, url=f"{site.url}/colours")
        page = await people.new_page()
        await page.goto(waiting["resource_url"])
        await page.get_by_text("In the queue").wait_for()
        api.post(f"sessions/{running['id']}/release")
        viewer = ViewerPage(page)
        await viewer.is_live()
        await viewer.shows(RED)


async def test_a_session_that_restarts_outlives_its_browser(own_server: Server, site: Site) -> None:
    own_server.start()
    with own_server.api() as api:
        session_id = _start(api, url=f"{site.url}/colours", on_crash="restart")["id"]
        async with watching(api, session_id) as watcher:
            await watcher.see(RED)
            main = next(one for one in own_server.browsers() if one.ppid() == own_server.process.pid)
            main.kill()
            assert await watcher.closed() not in (4403, 4404, 4410)

        def restarted() -> bool:
            return bool(api.get(f"sessions/{session_id}").json()["restarts"] == 1)

        until(restarted)
        session = api.get(f"sessions/{session_id}").json()
        assert (session["status"], session["url"]) == ("running", f"{site.url}/colours")
        async with watching(api, session_id) as watcher:
            await watcher.see(RED)
        events = api.get(f"sessions/{session_id}/events", params={"kind": "lifecycle"}).json()["items"]
        assert [event["data"] for event in events][-1] == {"what": "restarted"}
        assert len(own_server.folders()) == 1
