"""Keys, logins, the setup link, and the commands that make them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions_app.models import ApiKey, Invitation, Project, Role, User
from sessions_app.services import access, errors
from sessions_app.services.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


async def setup_token() -> str:
    link = await access.create_setup_link()
    assert link
    return link.partition("#")[2]


async def test_a_key_is_kept_as_a_digest(project):
    key, token = await access.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert token.startswith(f"qd_{key.prefix}_")
    assert len(token) == 55
    assert token[12:] not in str(await ApiKey.objects.filter(pk=key.pk).values().aget())
    actor = await access.authenticate_key(token)
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
        await access.create_key(SYSTEM, name=name, role=Role.VIEWER)


async def test_keys_are_an_administrators_business(project, operator, admin):
    key, _ = await access.create_key(admin, name="robot", role=Role.VIEWER)
    with pytest.raises(errors.Forbidden):
        await access.create_key(operator, name="robot", role=Role.VIEWER)
    with pytest.raises(errors.Forbidden):
        await access.list_keys(operator)
    with pytest.raises(errors.Forbidden):
        await access.revoke_key(operator, key.id)


async def test_another_projects_keys_are_unknown(project, stranger):
    key, _ = await access.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert await access.list_keys(stranger) == []
    with pytest.raises(errors.NotFound):
        await access.revoke_key(stranger, key.id)


async def test_the_setup_link_makes_the_first_login(project):
    link = await access.create_setup_link()
    assert link
    assert link.startswith("http://127.0.0.1:8000/setup#")
    user = await access.accept_invitation(link.partition("#")[2], username="ada", password=PASSWORD)
    assert user.username == "ada"
    assert (await user.memberships.aget()).role == Role.ADMIN
    assert user.check_password(PASSWORD)
    assert not await access.needs_setup()
    assert await access.create_setup_link() is None


async def test_the_setup_link_works_once(project):
    token = await setup_token()
    await access.accept_invitation(token, username="ada", password=PASSWORD)
    with pytest.raises(errors.Unauthenticated):
        await access.accept_invitation(token, username="eve", password=PASSWORD)
    assert await User.objects.acount() == 1


async def test_the_setup_link_lasts_a_quarter_of_an_hour(project):
    token = await setup_token()
    invitation = await Invitation.objects.aget()
    assert invitation.expires_at - invitation.created_at == timedelta(minutes=15)
    await Invitation.objects.aupdate(expires_at=timezone.now())
    with pytest.raises(errors.Unauthenticated):
        await access.accept_invitation(token, username="ada", password=PASSWORD)


async def test_a_new_setup_link_replaces_the_old_one(project):
    old, new = await setup_token(), await setup_token()
    with pytest.raises(errors.Unauthenticated):
        await access.accept_invitation(old, username="eve", password=PASSWORD)
    assert (await access.accept_invitation(new, username="ada", password=PASSWORD)).is_active


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("", PASSWORD, "username"),
        ("a b", PASSWORD, "username"),
        ("ada", "short", "password"),
        ("ada", "1" * 12, "password"),
    ],
)
async def test_a_poor_login_does_not_use_the_link_up(project, username, password, field):
    token = await setup_token()
    with pytest.raises(errors.Invalid) as refusal:
        await access.accept_invitation(token, username=username, password=password)
    assert refusal.value.field == field
    assert (await access.accept_invitation(token, username="ada", password=PASSWORD)).is_active


async def test_a_taken_name(project):
    await access.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)
    with pytest.raises(errors.Invalid):
        await access.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)


@pytest.fixture
def default_project(transactional_db):
    return Project.objects.get_or_create(pk="default")[0]


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


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


def test_the_command_refuses_a_project_that_is_not_there(default_project):
    with pytest.raises(CommandError, match="project not found: nowhere"):
        run("apikey", "create", "robot", "--project", "nowhere")
    with pytest.raises(CommandError, match="key not found"):
        run("apikey", "revoke", "key_x")


def test_createoperator_reads_the_password(default_project, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    run("createoperator", "ada", "--password-stdin")
    user = User.objects.get()
    assert user.memberships.get().role == Role.ADMIN
    assert user.check_password(PASSWORD)


def test_createoperator_asks_twice(default_project, monkeypatch):
    answers = [PASSWORD, "another", PASSWORD, PASSWORD]
    monkeypatch.setattr("getpass.getpass", lambda _: answers.pop(0))
    with pytest.raises(CommandError, match="differ"):
        run("createoperator", "ada")
    run("createoperator", "ada", "--role", "viewer")
    assert User.objects.get().memberships.get().role == Role.VIEWER


def test_createoperator_refuses_a_weak_password(default_project, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        run("createoperator", "ada", "--password-stdin")
