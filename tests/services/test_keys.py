"""Keys: what they are, what they may make, how they end, and the command for them."""

from __future__ import annotations

import asyncio
import io
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions_app.models import ApiKey, AuditEntry, Role
from sessions_app.services import errors, keys
from sessions_app.services.actors import SYSTEM, Actor, Right, Scope
from tests.commands import run
from tests.waiting import turns, until

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_key_is_kept_as_a_digest(project):
    key, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert token.startswith(f"qd_{key.prefix}_")
    assert len(token) == 55
    assert token[12:] not in str(await ApiKey.objects.filter(pk=key.pk).values().aget())
    actor = await keys.authenticate_key(token)
    assert actor
    assert (actor.kind, actor.name, actor.role, actor.project_id) == (
        "program",
        "robot",
        Role.VIEWER,
        "default",
    )


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
async def test_a_key_needs_a_name(project, name):
    with pytest.raises(errors.Invalid):
        await keys.create_key(SYSTEM, name=name, role=Role.VIEWER)


async def test_keys_are_an_administrators_business(project, operator, admin):
    key, _ = await keys.create_key(admin, name="robot", role=Role.VIEWER)
    with pytest.raises(errors.Forbidden):
        await keys.create_key(operator, name="robot", role=Role.VIEWER)
    with pytest.raises(errors.Forbidden):
        await keys.list_keys(operator)
    with pytest.raises(errors.Forbidden):
        await keys.revoke_key(operator, key.id)


async def test_another_projects_keys_are_unknown(project, stranger):
    key, _ = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert await keys.list_keys(stranger) == []
    with pytest.raises(errors.NotFound):
        await keys.revoke_key(stranger, key.id)


def test_the_command_prints_a_key_alone(default_project):
    token = run("apikey", "create", "robot", "--role", "viewer", "--days", "2").strip()
    key = ApiKey.objects.get()
    assert token.startswith(f"qd_{key.prefix}_")
    assert key.role == "viewer"
    assert key.expires_at
    assert key.expires_at > timezone.now() + timedelta(days=1)


def test_the_command_lists_and_revokes(default_project):
    run("apikey", "create", "robot")
    key = ApiKey.objects.get()
    assert key.role == "operator"
    assert "active" in run("apikey", "list")
    run("apikey", "revoke", key.id)
    listed = run("apikey", "list")
    assert "revoked" in listed
    assert key.id in listed


def test_the_command_makes_a_project_that_is_not_there(default_project):
    err = io.StringIO()
    out = io.StringIO()
    call_command("apikey", "create", "robot", "--project", "lab", stdout=out, stderr=err)
    assert out.getvalue().startswith("qd_")
    assert len(out.getvalue().split()) == 1
    assert "Made the project lab" in err.getvalue()
    assert ApiKey.objects.get().project_id == "lab"
    again = io.StringIO()
    call_command("apikey", "create", "robot", "--project", "lab", stdout=out, stderr=again)
    assert again.getvalue() == ""


def test_the_command_bounds_a_key(default_project):
    run("apikey", "create", "robot", "--scope", "sessions:read", "--scope", "audit", "--rate-limit", "60")
    key = ApiKey.objects.get()
    assert (key.scopes, key.rate_limit) == (["audit", "sessions:read"], 60)
    assert "sessions:read" in run("apikey", "list")
    with pytest.raises(CommandError, match="invalid choice"):
        run("apikey", "create", "robot", "--scope", "everything")


def test_the_command_refuses_what_is_not_there(default_project):
    with pytest.raises(CommandError, match="project not found: nowhere"):
        run("apikey", "list", "--project", "nowhere")
    with pytest.raises(CommandError, match="key not found"):
        run("apikey", "revoke", "key_x")
    with pytest.raises(CommandError, match="the first a letter or a digit"):
        run("apikey", "create", "robot", "--project", "Lab!")


def a_key(**fields: object) -> Actor:
    given = {
        "kind": "program",
        "id": "key_1",
        "name": "maker",
        "role": Role.ADMIN,
        "key_id": "key_1",
        **fields,
    }
    return Actor(**given)  # type: ignore[arg-type]


async def test_what_is_not_asked_for_is_taken_from_the_maker(project):
    soon = timezone.now() + timedelta(hours=1)
    maker = a_key(scopes=frozenset({Scope.KEYS, Scope.AUDIT}), expires_at=soon, rate_limit=9)
    key, _ = await keys.create_key(maker, name="robot", role=Role.VIEWER)
    assert (key.scopes, key.expires_at, key.rate_limit) == (["audit", "keys"], soon, 9)
    assert key.created_by == "maker"


@pytest.mark.parametrize(
    "asked",
    [
        {"scopes": [Scope.KEYS, Scope.SESSIONS_WRITE]},
        {"expires_at": timezone.now() + timedelta(days=3)},
        {"rate_limit": 10},
    ],
)
async def test_a_key_makes_none_stronger_than_itself(project, asked):
    maker = a_key(scopes=frozenset({Scope.KEYS}), expires_at=timezone.now() + timedelta(days=2), rate_limit=9)
    with pytest.raises(errors.Forbidden):
        await keys.create_key(maker, name="robot", role=Role.VIEWER, **asked)
    assert not await ApiKey.objects.aexists()


async def test_weaker_is_possible(project):
    maker = a_key(scopes=frozenset({Scope.KEYS, Scope.AUDIT}), rate_limit=9)
    _, token = await keys.create_key(maker, name="robot", role=Role.ADMIN, scopes=[Scope.AUDIT], rate_limit=8)
    actor = await keys.authenticate_key(token)
    assert actor
    assert (actor.scopes, actor.rate_limit) == (frozenset({Scope.AUDIT}), 8)
    assert actor.can(Right.READ_AUDIT)
    assert not actor.can(Right.MANAGE_KEYS)


@pytest.mark.parametrize("rate_limit", [0, -1, 1_000_001])
async def test_a_rate_limit_that_cannot_be(project, admin, rate_limit):
    with pytest.raises(errors.Invalid):
        await keys.create_key(admin, name="robot", role=Role.VIEWER, rate_limit=rate_limit)


def test_a_scope_is_asked_for_beside_the_role():
    reader = a_key(scopes=frozenset({Scope.SESSIONS_READ}))
    reader.require(Right.SEE)
    for right in set(Right) - {Right.SEE}:
        with pytest.raises(errors.Forbidden, match=right.scope.value):
            reader.require(right)


@pytest.mark.parametrize("scope", [Scope.SESSIONS_WRITE, Scope.SESSIONS_CONTROL])
def test_who_changes_or_steers_also_sees(scope):
    assert a_key(scopes=frozenset({scope})).can(Right.SEE)


def test_a_scope_reaches_no_further_than_the_role():
    viewer = a_key(role=Role.VIEWER, scopes=frozenset({Scope.SESSIONS_WRITE}))
    with pytest.raises(errors.Forbidden, match="role operator"):
        viewer.require(Right.CHANGE)


async def test_a_checked_key_is_remembered_and_forgotten_at_once(project):
    key, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    first = await keys.authenticate_key(token)
    # Nobody told this process: it asks again two seconds later.
    await ApiKey.objects.filter(pk=key.pk).aupdate(name="renamed")
    assert await keys.authenticate_key(token) == first
    await keys.revoke_key(SYSTEM, key.id)
    assert await keys.authenticate_key(token) is None


async def test_a_remembered_key_ends_with_its_time(project):
    key, token = await keys.create_key(
        SYSTEM, name="robot", role=Role.VIEWER, expires_at=timezone.now() + timedelta(milliseconds=300)
    )
    assert await keys.authenticate_key(token)
    await until(lambda: timezone.now() >= (key.expires_at or timezone.now()))
    assert await keys.authenticate_key(token) is None


async def test_what_another_process_revoked_is_forgotten_soon(project):
    key, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert await keys.authenticate_key(token)
    began = time.monotonic()
    await ApiKey.objects.filter(pk=key.pk).aupdate(revoked_at=timezone.now())
    while await keys.authenticate_key(token):
        assert time.monotonic() - began < 3


async def test_a_key_that_is_revoked_while_it_is_checked_is_not_remembered(project):
    key, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    async with asyncio.TaskGroup() as group:
        group.create_task(keys.authenticate_key(token))
        await turns()
        # What a revocation ends with, while the check still waits for its row.
        keys.forget_checked()
    await ApiKey.objects.filter(pk=key.pk).aupdate(revoked_at=timezone.now())
    assert await keys.authenticate_key(token) is None


async def test_one_key_is_not_another(project):
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    await keys.authenticate_key(token)
    assert await keys.authenticate_key(token[:-1] + ("A" if token[-1] != "A" else "B")) is None


async def test_a_key_is_revoked_once(project, admin):
    key, _ = await keys.create_key(admin, name="robot", role=Role.VIEWER)
    first = await keys.revoke_key(admin, key.id)
    assert (await keys.revoke_key(admin, key.id)).revoked_at == first.revoked_at
    actions = [entry.action async for entry in AuditEntry.objects.order_by("pk")]
    assert actions == ["key.created", "key.revoked"]
