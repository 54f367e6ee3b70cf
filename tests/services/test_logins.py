"""Logins, the setup link, and the command that makes one."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from sessions_app.models import Invitation, Project, Role, User
from sessions_app.services import errors, logins
from tests.commands import run

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


async def setup_token() -> str:
    link = await logins.create_setup_link()
    assert link
    return link.partition("#")[2]


async def test_the_setup_link_makes_the_first_login(project):
    link = await logins.create_setup_link()
    assert link
    assert link.startswith("http://127.0.0.1:8000/setup#")
    user = await logins.accept_invitation(link.partition("#")[2], username="ada", password=PASSWORD)
    assert user.username == "ada"
    assert (await user.memberships.aget()).role == Role.ADMIN
    assert user.check_password(PASSWORD)
    assert not await logins.needs_setup()
    assert await logins.create_setup_link() is None


async def test_the_setup_link_works_once(project):
    token = await setup_token()
    await logins.accept_invitation(token, username="ada", password=PASSWORD)
    with pytest.raises(errors.Unauthenticated):
        await logins.accept_invitation(token, username="eve", password=PASSWORD)
    assert await User.objects.acount() == 1


async def test_the_setup_link_lasts_a_quarter_of_an_hour(project):
    token = await setup_token()
    invitation = await Invitation.objects.aget()
    assert invitation.expires_at - invitation.created_at == timedelta(minutes=15)
    await Invitation.objects.aupdate(expires_at=timezone.now())
    with pytest.raises(errors.Unauthenticated):
        await logins.accept_invitation(token, username="ada", password=PASSWORD)


async def test_a_new_setup_link_replaces_the_old_one(project):
    old, new = await setup_token(), await setup_token()
    with pytest.raises(errors.Unauthenticated):
        await logins.accept_invitation(old, username="eve", password=PASSWORD)
    assert (await logins.accept_invitation(new, username="ada", password=PASSWORD)).is_active


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
        await logins.accept_invitation(token, username=username, password=password)
    assert refusal.value.field == field
    assert (await logins.accept_invitation(token, username="ada", password=PASSWORD)).is_active


async def test_a_taken_name(project):
    await logins.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)
    with pytest.raises(errors.Invalid):
        await logins.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)


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


def test_createoperator_for_a_project(default_project, monkeypatch):
    Project.objects.create(pk="lab", name="Lab")
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    run("createoperator", "ada", "--project", "lab", "--role", "operator")
    member = User.objects.get().memberships.get()
    assert (member.project_id, member.role) == ("lab", Role.OPERATOR)
    with pytest.raises(CommandError, match="project not found: nowhere"):
        run("createoperator", "eve", "--project", "nowhere")
    assert User.objects.count() == 1
