"""A session's page: live view, facts, release, ticket, thumbnail."""

from __future__ import annotations

import re

import pytest

from sessions_app.engine.errors import EngineError
from sessions_app.models import EndReason, Role
from sessions_app.services import ending, performance, sessions, viewing
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = ["", "/facts", "/thumbnail", "/screenshot", "/presence", "/tabs"]
ACTS = [
    "/release",
    "/ticket",
    "/tabs",
    "/tabs/1/activate",
    "/tabs/1/close",
    "/labels",
    "/labels/remove",
    "/links",
    "/links/revoke",
    "/links/lnk_x/revoke",
]


@pytest.mark.parametrize("path", PARTS)
async def test_another_projects_session_is_as_unknown_as_none(engine, boss, foreign_session, path):
    for session_id in (foreign_session, "ses_never"):
        response = await boss.get(f"/sessions/{session_id}{path}")
        assert response.status_code == 404
        assert "secret plan" not in response.content.decode()


@pytest.mark.parametrize("path", ACTS)
async def test_another_projects_session_cannot_be_touched(engine, boss, foreign_session, path):
    asked = {"key": "a", "value": "b", "role": "view", "ttl": "900"}
    response = await boss.post(f"/sessions/{foreign_session}{path}", asked)
    assert response.status_code == 404
    assert engine.live[foreign_session].closed == 0


async def test_it_shows_the_live_view_and_what_there_is_to_know(engine, mate, start):
    session = await start(name="Shop", url="https://shop.example/", labels={"team": "red"})
    engine.live[session.id].viewer_count = 2
    response = await mate.get(f"/sessions/{session.id}")
    page = response.content.decode()
    assert f'data-ticket-url="/sessions/{session.id}/ticket"' in page
    assert session.resource_url in page
    assert session.cdp_url in page
    words = text(response)
    for fact in (
        "Shop",
        session.id,
        "running",
        "Expires in 4:59",
        "Viewers 2",
        "In control Nobody",
        "by operator program",
    ):
        assert fact in words


async def test_a_viewer_sees_no_forms_and_no_way_to_steer(watcher, start):
    session = await start(labels={"team": "red"})
    page = (await watcher.get(f"/sessions/{session.id}")).content.decode()
    assert "hx-post" not in page
    assert session.resource_url not in page
    assert "/cdp/" not in page
    assert "Whoever has it may watch" in page


async def test_the_facts_follow_the_session_until_it_ends(engine, mate, operator, start):
    session = await start()
    response = await mate.get(f"/sessions/{session.id}/facts", fragment=True)
    assert "running" in text(response)
    assert "HX-Retarget" not in response
    await sessions.release(operator, session.id)
    response = await mate.get(f"/sessions/{session.id}/facts", fragment=True)
    assert response["HX-Retarget"] == "#panel"
    assert "This session was released." in text(response)
    assert "data-refresh" not in response.content.decode()


@pytest.mark.parametrize("reason", EndReason)
async def test_an_ended_session_says_why_and_has_no_live_view(mate, start, reason):
    session = await start(name="Shop", labels={"team": "red"})
    await ending.end(session.id, reason, "the kernel said so")
    response = await mate.get(f"/sessions/{session.id}")
    assert response.status_code == 200
    words = text(response)
    assert reason.status.value in words
    assert ending.FAREWELLS[reason] in words
    assert "the kernel said so" in words
    page = response.content.decode()
    assert "data-viewer" not in page
    assert "/live/" not in page
    assert "/cdp/" not in page


async def test_release(engine, mate, start):
    session = await start()
    live = engine.live[session.id]
    for _ in range(2):
        response = await mate.post(f"/sessions/{session.id}/release", fragment=True)
        assert (response.status_code, response["HX-Trigger"]) == (204, "session-released")
    assert live.closed == 1
    assert live.ending["reason"] == "released_by_operator"


async def test_release_asks_first(mate, start):
    session = await start()
    assert "whatever is open in it is lost" in (await mate.get(f"/sessions/{session.id}")).content.decode()


@pytest.mark.parametrize(("who", "role"), [(Role.VIEWER, "view"), (Role.OPERATOR, "control")])
async def test_a_ticket_opens_one_socket_of_this_origin(log_in, start, who, role):
    session = await start()
    person = await log_in(who)
    response = await person.post(f"/sessions/{session.id}/ticket")
    body = response.json()
    assert response["Cache-Control"] == "no-store"
    assert (body["role"], body["expires_in"]) == (role, 60)
    address, _, ticket = body["url"].partition("?ticket=")
    assert address == f"ws://testserver/ws/live/{session.id}"
    admission = await viewing.redeem(session.id, ticket, has_origin=True)
    assert (admission.role, admission.kind, admission.operator) == (role, "person", role == "control")


async def test_no_ticket_for_an_ended_session(mate, operator, start):
    session = await start()
    await sessions.release(operator, session.id)
    response = await mate.post(f"/sessions/{session.id}/ticket")
    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["title"]) == ("session_ended", "Session ended")
    assert problem["detail"] == "This session was released."


async def test_a_thumbnail(watcher, start):
    session = await start()
    response = await watcher.get(f"/sessions/{session.id}/thumbnail")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=10"
    assert response.content.startswith(b"\xff\xd8")


async def test_no_thumbnail_of_an_ended_session(watcher, operator, start):
    session = await start()
    await sessions.release(operator, session.id)
    response = await watcher.get(f"/sessions/{session.id}/thumbnail")
    assert (response.status_code, response.content) == (404, b"")


async def test_a_screenshot(watcher, start):
    session = await start()
    response = await watcher.get(f"/sessions/{session.id}/screenshot")
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "no-store")
    assert response.content == b"\x89PNG of " + session.id.encode()


async def test_no_screenshot_of_a_page_that_gives_none(engine, watcher, start):
    session = await start()
    engine.live[session.id].failure = EngineError("it hides")
    response = await watcher.get(f"/sessions/{session.id}/screenshot", fragment=True)
    assert (response.status_code, response.content) == (409, b"The page gave no picture: it hides.")


async def test_an_ended_session_keeps_its_timeline_and_can_be_started_again(mate, watcher, operator, start):
    session = await start(name="Shop")
    await sessions.release(operator, session.id)
    page = (await mate.get(f"/sessions/{session.id}")).content.decode()
    tabs = re.findall(r'role="tab" id="tab-(\w+)"', page)
    assert tabs == ["overview", "labels", "timeline", "console", "network"]
    assert f'data-events="/api/v1/sessions/{session.id}/events"' in page
    assert f'href="/sessions/new?like={session.id}"' in page
    assert "?like=" not in (await watcher.get(f"/sessions/{session.id}")).content.decode()


async def test_the_parts_of_a_running_session(mate, start):
    session = await start()
    page = (await mate.get(f"/sessions/{session.id}")).content.decode()
    tabs = re.findall(r'role="tab" id="tab-(\w+)" aria-controls="(part-\w+)" aria-selected="(\w+)"', page)
    names = ["overview", "labels", "tabs", "files", "timeline", "console", "network", "access"]
    programs = ["curl", "python", "node", "puppeteer"]
    assert [name for name, _, _ in tabs] == names + programs
    assert [name for name, _, selected in tabs if selected == "true"] == ["overview", "curl"]
    for name, part, _ in tabs:
        assert f'role="tabpanel" id="{part}" aria-labelledby="tab-{name}"' in page


async def test_what_it_uses_is_shown_once_it_was_measured(engine, mate, operator, start):
    session = await start()
    address = f"/sessions/{session.id}"
    assert 'class="uses"' not in (await mate.get(address)).content.decode()
    for _ in range(2):
        await performance.sample(engine.find(session.id))
    for page in (await mate.get(address), await mate.get(f"{address}/facts", fragment=True)):
        body = page.content.decode()
        assert "CPU in the last ten minutes: now 25 %, at most 25 %" in body
        assert "Memory in the last ten minutes: now 120 MB, at most 120 MB" in body
        assert re.search(r"<dt>Nodes</dt><dd>1,234</dd>", body)
        assert re.search(r"<dt>JS heap</dt><dd>4.2 MB</dd>", body)
    await sessions.release(operator, session.id)
    assert 'class="uses"' not in (await mate.get(address)).content.decode()


async def test_the_requests_of_a_running_session_can_be_downloaded(mate, operator, start):
    session = await start()
    link = f'href="/api/v1/sessions/{session.id}/har" download'
    assert link in (await mate.get(f"/sessions/{session.id}")).content.decode()
    await sessions.release(operator, session.id)
    assert link not in (await mate.get(f"/sessions/{session.id}")).content.decode()


async def test_pages_cannot_write_into_it(engine, mate, operator, start):
    session = await start(
        name=SCRIPT, user_agent=SCRIPT, url=f"data:text/html,{SCRIPT}", labels={"a": SCRIPT}
    )
    engine.live[session.id].show(title=SCRIPT)
    engine.live[session.id].seat(name=SCRIPT)
    parts = ("", "/facts", "/tabs", "/presence")
    pages = [await mate.get(f"/sessions/{session.id}{path}") for path in parts]
    await ending.end(session.id, EndReason.BROWSER_CRASHED, SCRIPT)
    pages.append(await mate.get(f"/sessions/{session.id}"))
    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode()
        assert SCRIPT in text(page)
