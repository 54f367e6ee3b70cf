"""Projects in the pages."""

from __future__ import annotations

import pytest

from sessions_app.models import Membership, Project, Role
from tests.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


async def make(person, project_id: str, name: str = ""):
    return await person.post("/access/projects", {"id": project_id, "name": name}, fragment=True)


async def test_who_makes_one_can_look_into_it(engine, boss):
    assert (await make(boss, "lab", "The lab"))["HX-Refresh"] == "true"
    assert (await Membership.objects.aget(project="lab")).role == "admin"
    page = await boss.get("/access/projects")
    assert "lab Rename 1 0 just now Delete" in text(page)
    assert 'value="The lab"' in page.content.decode()
    assert 'name="project" value="lab"' in page.content.decode()


@pytest.mark.parametrize(
    ("project_id", "name", "field"), [("Lab", "", "id"), ("default", "", "id"), ("lab", "n" * 201, "name")]
)
async def test_a_mistake_is_said_beside_its_field(engine, boss, project_id, name, field):
    response = await make(boss, project_id, name)
    assert response.status_code == 422
    assert f'id="project-{field}-error"' in response.content.decode()
    assert await Project.objects.acount() == 1


async def test_entering_one_that_is_there(engine, boss, stranger):
    assert "Enter" in text(await boss.get("/access/projects"))
    await boss.post("/access/projects/other/enter", fragment=True)
    assert (await Membership.objects.aget(project="other")).role == "admin"
    assert "Enter" not in text(await boss.get("/access/projects"))
    assert (await boss.post("/access/projects/nowhere/enter", fragment=True)).status_code == 404


async def test_renaming(engine, boss):
    assert (await boss.post("/access/projects/default/rename", {"name": "Main"})).status_code == 200
    assert (await Project.objects.aget()).name == "Main"
    response = await boss.post("/access/projects/default/rename", {"name": " "}, fragment=True)
    assert response.status_code == 422
    assert 'id="rename-default-error"' in response.content.decode()
    assert (await Project.objects.aget()).name == "Main"


async def test_for_administrators_of_the_server(engine, log_in, stranger):
    outsider = await log_in(Role.VIEWER, "Eve")
    await Membership.objects.aupdate(project_id="other", role=Role.ADMIN)
    assert (await make(outsider, "lab")).status_code == 403
    for path in ("default/enter", "default/rename", "default/delete", "other/delete", "nowhere/enter"):
        response = await outsider.post(f"/access/projects/{path}", {"name": "x"}, fragment=True)
        assert response.status_code == 403
    assert {project.name async for project in Project.objects.all()} == {"Default", "Other"}
    assert await Membership.objects.acount() == 1


async def test_deleting(engine, boss, stranger, foreign_session):
    assert "other Rename 0 1 just now Enter Delete" in text(await boss.get("/access/projects"))
    response = await boss.post("/access/projects/other/delete", fragment=True)
    assert response.status_code == 409
    assert "other has 1 live session" in text(response)
    assert (await boss.post("/access/projects/default/delete", fragment=True)).status_code == 409
    await make(boss, "lab")
    await boss.post("/access/projects/lab/delete", fragment=True)
    assert not await Project.objects.filter(pk="lab").aexists()
