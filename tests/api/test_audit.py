"""The audit over REST."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_did_what_from_where(engine, api_of, admin):
    boss = await api_of(admin)
    made = await boss("POST", "/keys", {"name": "robot"})
    await boss("DELETE", f"/keys/{made.json()['id']}")
    listed = (await boss("GET", "/audit?limit=2")).json()
    revoked, created = listed["items"]
    assert (revoked["action"], created["action"]) == ("key.revoked", "key.created")
    assert created["target"] == made.json()["id"]
    assert created["actor"]["name"] == "admin program"
    assert (created["actor"]["kind"], created["address"]) == ("program", "127.0.0.1")
    assert created["request_id"] == made["X-Request-Id"]
    assert created["detail"] == {"name": "robot", "role": "operator", "scopes": []}
    assert listed["next_cursor"]
    older = (await boss("GET", f"/audit?cursor={listed['next_cursor']}")).json()["items"]
    assert [entry["actor"]["name"] for entry in older] == ["test"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=key.created", 3),
        ("action=key.revoked", 0),
        ("actor=test", 1),
        ("q=ADMIN", 2),
        ("q=nothing", 0),
        ("target=key_x", 0),
    ],
)
async def test_it_is_searched(engine, api_of, admin, query, found):
    boss = await api_of(admin)
    for name in ("one", "two"):
        await boss("POST", "/keys", {"name": name})
    assert (await boss("GET", f"/audit?{query}")).json()["total"] == found


async def test_an_unknown_parameter_or_cursor(engine, api_of, admin):
    boss = await api_of(admin)
    assert (await boss("GET", "/audit?cursor=x")).status_code == 400
    assert (await boss("GET", "/audit?limit=0")).status_code == 422


async def test_administrators_only(api):
    assert (await api("GET", "/audit")).status_code == 403
