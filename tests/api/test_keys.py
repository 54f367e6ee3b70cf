"""Keys over REST: made, shown once, listed, bounded, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from sessions_app.models import ApiKey, Role
from sessions_app.services import keys
from sessions_app.services.actors import SYSTEM, Scope
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def boss(engine, api_of, admin):
    return await api_of(admin)


def with_key(token: str) -> Api:
    return Api({"X-API-Key": token})


async def scoped(*scopes: Scope, role: Role = Role.ADMIN) -> Api:
    return with_key((await keys.create_key(SYSTEM, name="robot", role=role, scopes=scopes))[1])


async def test_a_new_key_works_and_is_shown_once(boss):
    made = await boss("POST", "/keys", {"name": "robot", "role": "viewer", "expires_in": 60})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["role"], body["scopes"], body["state"]) == ("robot", "viewer", [], "active")
    assert (body["created_by"], body["last_used_at"], body["rate_limit"]) == ("admin program", None, None)
    left = datetime.fromisoformat(body["expires_at"]) - timezone.now()
    assert timedelta(seconds=55) < left <= timedelta(seconds=60)
    assert (await with_key(body["key"])("GET", "/sessions")).status_code == 200
    shown = (await boss("GET", f"/keys/{body['id']}")).json()
    assert shown["last_used_at"]
    assert "key" not in shown
    listed = (await boss("GET", "/keys")).json()
    assert listed["items"][0] == shown
    assert listed["total"] == 2
    assert body["key"][12:] not in str(listed)


async def test_a_fixed_end(boss):
    at = "2030-01-02T03:04:05Z"
    made = (await boss("POST", "/keys", {"name": "robot", "expires_at": at})).json()
    assert (made["expires_at"], made["role"]) == (at, "operator")


async def test_revoking(boss):
    made = (await boss("POST", "/keys", {"name": "robot"})).json()
    robot = with_key(made["key"])
    assert (await robot("GET", "/sessions")).status_code == 200
    for _ in range(2):
        assert (await boss("DELETE", f"/keys/{made['id']}")).status_code == 204
    assert (await robot("GET", "/sessions")).status_code == 401
    shown = (await boss("GET", f"/keys/{made['id']}")).json()
    assert shown["state"] == "revoked"
    assert shown["revoked_at"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x", "role": "king"}, "role"),
        ({"name": "x", "scopes": ["everything"]}, "scopes.0"),
        ({"name": "x", "expires_in": 0}, "expires_in"),
        ({"name": "x", "expires_in": "60"}, "expires_in"),
        ({"name": "x", "expires_in": 60, "expires_at": "2030-01-01T00:00:00Z"}, "expires_in"),
        ({"name": "x", "expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"name": "x", "rate_limit": 0}, "rate_limit"),
        ({"name": "x", "surprise": 1}, "surprise"),
    ],
)
async def test_a_mistake_names_its_field(boss, body, field):
    answer = await boss("POST", "/keys", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await ApiKey.objects.acount() == 1


async def test_a_missing_key(boss):
    for method in ("GET", "DELETE"):
        answer = await boss(method, "/keys/key_missing")
        assert (answer.status_code, answer.json()["code"]) == (404, "key_not_found")


async def test_a_key_makes_none_stronger(engine):
    maker = await scoped(Scope.KEYS, Scope.SESSIONS_READ)
    made = (await maker("POST", "/keys", {"name": "robot", "role": "admin"})).json()
    assert made["scopes"] == ["keys", "sessions:read"]
    refused = await maker("POST", "/keys", {"name": "robot", "scopes": ["sessions:read", "audit"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "audit" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("scope", "method", "path", "body", "needed"),
    [
        (Scope.SESSIONS_READ, "POST", "/sessions", {}, "sessions:write"),
        (Scope.SESSIONS_READ, "DELETE", "/sessions/{id}/live-links", None, "sessions:write"),
        (Scope.SESSIONS_READ, "POST", "/sessions/{id}/control", None, "sessions:control"),
        (
            Scope.SESSIONS_READ,
            "POST",
            "/sessions/{id}/viewer-tickets",
            {"role": "control"},
            "sessions:control",
        ),
        (Scope.SESSIONS_WRITE, "POST", "/sessions/{id}/live-links", {"role": "control"}, "sessions:control"),
        (Scope.AUDIT, "GET", "/sessions", None, "sessions:read"),
        (Scope.AUDIT, "GET", "/sessions/{id}", None, "sessions:read"),
        (Scope.AUDIT, "GET", "/keys", None, "keys"),
        (Scope.KEYS, "GET", "/audit", None, "audit"),
        (Scope.KEYS, "GET", "/projects", None, "projects"),
        (Scope.KEYS, "GET", "/projects/default/members", None, "members"),
    ],
)
async def test_a_scope_is_enforced_and_named(start, scope, method, path, body, needed):
    session = await start()
    answer = await (await scoped(scope))(method, path.format(id=session.id), body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert needed in answer.json()["detail"]


async def test_a_scope_lets_its_own_through(start):
    session = await start()
    for scope, method, path in (
        (Scope.SESSIONS_READ, "GET", "/sessions"),
        (Scope.SESSIONS_WRITE, "POST", "/sessions/{id}/keepalive"),
        (Scope.SESSIONS_CONTROL, "POST", "/sessions/{id}/control"),
        (Scope.KEYS, "GET", "/keys"),
        (Scope.AUDIT, "GET", "/audit"),
        (Scope.PROJECTS, "GET", "/projects"),
        (Scope.MEMBERS, "GET", "/projects/default/members"),
    ):
        answer = await (await scoped(scope))(method, path.format(id=session.id))
        assert answer.status_code == 200, (scope, answer.content)


async def test_keys_are_listed_in_pages(boss):
    for number in range(3):
        await boss("POST", "/keys", {"name": f"robot {number}"})
    first = (await boss("GET", "/keys?limit=2")).json()
    second = (await boss("GET", f"/keys?limit=2&cursor={first['next_cursor']}")).json()
    names = [key["name"] for key in first["items"] + second["items"]]
    assert names == ["robot 2", "robot 1", "robot 0", "admin program"]
    assert (await boss("GET", "/keys?cursor=x")).status_code == 400
