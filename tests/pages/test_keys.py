"""API keys: made, shown once, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import ApiKey, Role
from sessions_app.services import keys
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


async def create(person, **asked):
    return await person.post("/access", {"name": "CI", "role": "operator", **asked}, fragment=True)


async def test_none_yet(engine, boss):
    assert "No keys yet." in text(await boss.get("/access"))


@pytest.mark.parametrize("role", Role)
async def test_a_new_key_is_shown_once_and_works(engine, boss, role):
    response = await create(boss, role=role.value)
    shown = re.search(r'value="(qd_[^"]+)"', response.content.decode())
    assert shown
    actor = await keys.authenticate_key(shown[1])
    assert actor
    assert (actor.role, actor.name) == (role, "CI")
    page = await boss.get("/access")
    assert shown[1] not in page.content.decode()
    assert f"CI {role.value} qd_{shown[1][3:11]} just now never just now Revoke" in text(page)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"days": "2"}, "days"),
        ({"scope": ["audit", "everything"]}, "scopes"),
    ],
)
async def test_a_mistake_is_said_beside_its_field(engine, boss, asked, field):
    response = await create(boss, **asked)
    assert response.status_code == 422
    assert f'id="key-{field}-error"' in response.content.decode()
    assert f'aria-describedby="key-{field}-error"' in response.content.decode()
    assert not await ApiKey.objects.aexists()


async def test_revoking_a_key(engine, boss, admin):
    key, token = await keys.create_key(admin, name="CI", role=Role.VIEWER)
    response = await boss.post(f"/access/{key.id}/revoke", fragment=True)
    assert "revoked" in text(response)
    assert "hx-confirm" not in response.content.decode()
    assert await keys.authenticate_key(token) is None


async def test_another_projects_keys(engine, boss, stranger):
    key, token = await keys.create_key(stranger, name="secret plan", role=Role.VIEWER)
    assert "secret plan" not in (await boss.get("/access")).content.decode()
    assert (await boss.post(f"/access/{key.id}/revoke")).status_code == 404
    assert await keys.authenticate_key(token)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_administrators_only(log_in, engine, role):
    person = await log_in(role)
    for response in (
        await person.get("/access"),
        await person.post("/access", {"name": "x", "role": "admin"}),
    ):
        assert response.status_code == 403
        assert "You may not see this" in text(response)
        assert "needs the role admin" in text(response)
    assert not await ApiKey.objects.aexists()


async def test_a_name_is_only_text(engine, boss):
    await create(boss, name=SCRIPT)
    response = await boss.get("/access")
    assert SCRIPT not in response.content.decode()
    assert SCRIPT in text(response)


async def test_a_bounded_key(engine, boss):
    response = await create(boss, role="admin", scope=["audit", "sessions:read"], days="30")
    assert response.status_code == 200
    key = await ApiKey.objects.aget()
    assert key.scopes == ["audit", "sessions:read"]
    assert key.expires_at
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    shown = text(await boss.get("/access"))
    assert (
        f"CI admin audit sessions:read qd_{key.prefix} just now {key.expires_at:%Y-%m-%d %H:%M:%S} UTC never"
        in shown
    )


async def test_a_mistake_keeps_what_was_chosen(engine, boss):
    response = await create(boss, name=" ", scope=["audit"], days="7")
    body = response.content.decode()
    assert '<option value="7" selected>' in body
    assert 'value="audit" checked' in body
    assert '<details class="more" open>' in body
