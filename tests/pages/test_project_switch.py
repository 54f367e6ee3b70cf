"""A person in several projects chooses one."""

from __future__ import annotations

import pytest

from sessions_app.models import Role
from sessions_app.services import members, projects
from sessions_app.services.actors import SYSTEM
from tests.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def both(boss, stranger):
    """An administrator here and a viewer in the other project."""
    await members.put(SYSTEM, "other", "admin", role=Role.VIEWER)
    return boss


async def test_who_has_one_has_nothing_to_choose(engine, boss):
    assert 'action="/project"' not in (await boss.get("/")).content.decode()


async def test_choosing_another(engine, both, start, foreign_session):
    session = await start(name="our own")
    page = await both.get("/")
    assert 'value="other"' in page.content.decode()
    assert "our own" in text(page)
    response = await both.post("/project", {"project": "other"})
    assert (response.status_code, response["Location"]) == (302, "/")
    page = await both.get("/")
    assert "our own" not in text(page)
    assert "secret plan" in text(page)
    assert (await both.get(f"/sessions/{session.id}")).status_code == 404
    assert (await both.get(f"/sessions/{foreign_session}")).status_code == 200
    assert (await both.post(f"/sessions/{foreign_session}/release")).status_code == 403
    assert (await both.get("/access")).status_code == 403


async def test_a_project_that_is_not_ones_own(engine, both):
    for wrong in ("", "nowhere", "default "):
        assert (await both.post("/project", {"project": wrong})).status_code == 404
    assert 'value="default" aria-current="true"' in (await both.get("/")).content.decode()


async def test_one_that_is_gone_gives_way_to_the_first(engine, both):
    await both.post("/project", {"project": "other"})
    await projects.delete(SYSTEM, "other")
    assert (await both.get("/access")).status_code == 200


async def test_a_project_is_not_chosen_by_a_link(engine, both):
    assert (await both.get("/project?project=other")).status_code == 405
