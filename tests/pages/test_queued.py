"""A session that waits for a place, as people see it."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Person, text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def waiting(engine, start):
    object.__setattr__(engine.config, "max_sessions", 1)
    await start()
    await start()
    return await start(name="Patient")


async def test_the_list_says_where_it_stands(mate, waiting):
    response = await mate.get("/")
    assert 'data-status="queued"' in response.content.decode()
    assert "2 in the queue" in text(response)


async def test_its_page_says_so_and_waits_with_a_viewer(mate, waiting):
    response = await mate.get(f"/sessions/{waiting.id}")
    words = text(response)
    assert "queued" in words
    assert "In the queue Number 2; it starts by itself" in words
    assert f'data-ticket-url="/sessions/{waiting.id}/ticket"' in response.content.decode()


@pytest.mark.parametrize("door", ["session", "live"])
async def test_a_viewer_is_told_to_wait(mate, waiting, door):
    """static/js/viewer/ticket.js goes by the code."""
    if door == "session":
        response = await mate.post(f"/sessions/{waiting.id}/ticket")
    else:
        link_id, _, token = waiting.resource_url.rpartition("/")[2].partition("#")
        response = await Person().client.post(
            f"/live/{link_id}/ticket", {"token": token}, content_type="application/json"
        )
    assert (response.status_code, response.json()["code"]) == (409, "session_queued")


async def test_the_form_of_a_full_server_leads_to_one_that_waits(mate, engine, start):
    object.__setattr__(engine.config, "max_sessions", 1)
    await start()
    form = {"image_id": "browser_latest", "screen": "1280x720", "idle_timeout": "60", "max_lifetime": "60"}
    response = await mate.post("/sessions/new", form)
    assert response.status_code == 302, text(response)
    assert "Number 1; it starts by itself" in text(await mate.get(response["Location"]))


async def test_restarts_after_crashes_are_told(mate, start):
    session = await start(on_crash="restart")
    assert "After a crash Starts again" in text(await mate.get(f"/sessions/{session.id}"))
