"""Projects over REST, and in which of them a person acts."""

from __future__ import annotations

import pytest
from django.test import AsyncClient

from sessions_app.models import Membership, Role, User
from sessions_app.services import logins, members, projects
from sessions_app.services.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
async def boss(engine, api_of, admin):
    return await api_of(admin)


async def test_a_project_from_first_to_last(boss, api_of, stranger):
    made = await boss("POST", "/projects", {"id": "lab"})
    assert (made.status_code, made.json()["name"]) == (201, "lab")
    renamed = (await boss("PATCH", "/projects/lab", {"name": "The lab"})).json()
    assert renamed["name"] == "The lab"
    assert (await boss("GET", "/projects/lab")).json() == renamed
    listed = (await boss("GET", "/projects?limit=1")).json()
    assert (listed["items"], listed["total"]) == ([renamed], 3)
    theirs = await api_of(stranger)
    session = (await theirs("POST", "/sessions", {})).json()
    refused = await boss("DELETE", "/projects/other")
    assert (refused.status_code, refused.json()["code"]) == (409, "project_not_empty")
    await theirs("POST", f"/sessions/{session['id']}/release")
    for project in ("other", "lab"):
        assert (await boss("DELETE", f"/projects/{project}")).status_code == 204
        assert (await boss("GET", f"/projects/{project}")).json()["code"] == "project_not_found"
    assert (await theirs("GET", "/sessions")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/projects", {"id": "default"}, 409, "project_exists"),
        ("POST", "/projects", {"id": "A b"}, 422, "invalid_request"),
        ("POST", "/projects", {"id": "lab", "surprise": 1}, 422, "invalid_request"),
        ("POST", "/projects", {}, 422, "invalid_request"),
        ("PATCH", "/projects/default", {"name": ""}, 422, "invalid_request"),
        ("PATCH", "/projects/lab", {"name": "x"}, 404, "project_not_found"),
        ("DELETE", "/projects/lab", None, 404, "project_not_found"),
        ("DELETE", "/projects/default", None, 409, "default_project"),
        ("PUT", "/projects/default/members/nobody", {"role": "viewer"}, 404, "user_not_found"),
        ("PUT", "/projects/default/members/nobody", {"role": "king"}, 422, "invalid_request"),
        ("DELETE", "/projects/default/members/nobody", None, 404, "member_not_found"),
        ("GET", "/projects/lab/members", None, 404, "project_not_found"),
    ],
)
async def test_what_is_refused(boss, method, path, body, status, code):
    answer = await boss(method, path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_members_come_and_go(boss):
    for name in ("ada", "eve"):
        await logins.create_operator(username=name, password=PASSWORD, role=Role.ADMIN)
    put = await boss("PUT", "/projects/default/members/ada", {"role": "viewer"})
    assert (put.status_code, put.json()["role"], put.json()["username"]) == (200, "viewer", "ada")
    listed = (await boss("GET", "/projects/default/members")).json()
    assert [(one["username"], one["role"]) for one in listed["items"]] == [
        ("eve", "admin"),
        ("ada", "viewer"),
    ]
    assert (await boss("DELETE", "/projects/default/members/ada")).status_code == 204
    last = await boss("DELETE", "/projects/default/members/eve")
    assert (last.status_code, last.json()["code"]) == (409, "last_administrator")


@pytest.fixture
async def ada(engine) -> AsyncClient:
    """An administrator here, a viewer in the lab, logged in."""
    user = await logins.create_operator(username="ada", password=PASSWORD, role=Role.ADMIN)
    await projects.create(SYSTEM, "lab")
    await members.put(SYSTEM, "lab", "ada", role=Role.VIEWER)
    client = AsyncClient()
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


async def test_a_header_names_one_of_several(ada, start):
    session = await start()
    url = f"/api/v1/sessions/{session.id}"
    assert (await ada.get(url)).status_code == 200
    assert (await ada.get(url, headers={"X-Project": "default"})).status_code == 200
    assert (await ada.get(url, headers={"X-Project": "lab"})).json()["code"] == "session_not_found"
    assert (await ada.get("/api/v1/keys", headers={"X-Project": "lab"})).status_code == 403


@pytest.mark.parametrize("name", ["other", "", "Default", "nowhere"])
async def test_a_header_names_none_of_ones_own(ada, stranger, name):
    answer = await ada.get("/api/v1/sessions", headers={"X-Project": name})
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


async def test_without_the_header_it_is_the_one_that_was_chosen(ada, start):
    session = await start()
    await ada.post("/project", {"project": "lab"})
    assert (await ada.get(f"/api/v1/sessions/{session.id}")).status_code == 404
    shown = await ada.get(f"/api/v1/sessions/{session.id}", headers={"X-Project": "default"})
    assert shown.status_code == 200


async def test_a_key_knows_its_project_and_takes_no_other(boss, start, stranger):
    session = await start()
    boss.headers["X-Project"] = "other"
    assert (await boss("GET", f"/sessions/{session.id}")).status_code == 200


async def test_who_belongs_nowhere(engine):
    user = await User.objects.acreate(username="eve")
    client = AsyncClient()
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = await client.get("/api/v1/sessions")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_project")
    assert not await Membership.objects.aexists()
