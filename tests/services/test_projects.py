"""Projects and their members: who may make, change and empty them, and what falls with them."""

from __future__ import annotations

import asyncio

import pytest
from django.core.management import CommandError
from django.utils import timezone

from sessions_app.models import ApiKey, AuditEntry, Event, Label, Membership, Project, Role, Session, User
from sessions_app.services import errors, keys, links, members, nodes, people, projects, sessions, viewing
from sessions_app.services.actors import SYSTEM, Actor
from sessions_app.services.new_session import NewSession
from tests.commands import run

pytestmark = pytest.mark.django_db(transaction=True)


async def login(name: str, *places: tuple[str, Role]) -> User:
    user = await User.objects.acreate(username=name)
    for project_id, role in places:
        await Membership.objects.acreate(
            user=user, project_id=project_id, role=role, created_at=timezone.now()
        )
    return user


async def test_a_project_is_made_found_and_renamed(project, admin):
    made = await projects.create(admin, "lab")
    assert (made.pk, made.name) == ("lab", "lab")
    await projects.rename(admin, "lab", name=" The lab ")
    assert (await projects.get(admin, "lab")).name == "The lab"
    assert [one.pk for one in (await projects.list_projects(admin)).items] == ["lab", "default"]


async def test_its_id_is_taken_once(project, admin):
    await projects.create(admin, "lab")
    with pytest.raises(errors.Conflict) as refusal:
        await projects.create(admin, "lab", name="Another")
    assert refusal.value.code == "project_exists"
    assert (await projects.get(admin, "lab")).name == "lab"


@pytest.mark.parametrize("project_id", ["", "Lab", "a b", "-lab", "x" * 64, "a/b", "läb", "lab\n"])
async def test_an_id_that_cannot_be(project, admin, project_id):
    with pytest.raises(errors.Invalid) as refusal:
        await projects.create(admin, project_id)
    assert refusal.value.field == "id"


@pytest.mark.parametrize("name", ["x" * 201, " ", "two\nlines", "\0"])
async def test_a_name_that_cannot_be(project, admin, name):
    with pytest.raises(errors.Invalid):
        await projects.rename(admin, "default", name=name)


async def test_only_administrators_of_the_default_project(project, operator, stranger):
    for actor in (operator, stranger):
        for attempt in (
            projects.list_projects(actor),
            projects.get(actor, "default"),
            projects.create(actor, "lab"),
            projects.rename(actor, "other", name="Mine"),
            projects.delete(actor, "other"),
        ):
            with pytest.raises(errors.Forbidden):
                await attempt
    assert await Project.objects.filter(name="Other").aexists()


async def test_a_project_goes_with_all_that_was_in_it(engine, admin, stranger):
    _, token = await keys.create_key(stranger, name="robot", role=Role.OPERATOR)
    robot = await keys.authenticate_key(token)
    assert robot
    session = await sessions.create(robot, NewSession(labels={"a": "b"}))
    await links.create(robot, session.id, role="view")
    with pytest.raises(errors.Conflict) as refusal:
        await projects.delete(admin, "other")
    assert refusal.value.code == "project_not_empty"
    assert "1 live session;" in refusal.value.detail
    await sessions.release(robot, session.id)
    await projects.delete(admin, "other")
    for model in (Session, Event, Label, ApiKey):
        assert not await model.objects.aexists()
    assert await keys.authenticate_key(token) is None
    with pytest.raises(errors.NotFound):
        await projects.delete(admin, "other")


async def test_the_default_project_stays(project, admin):
    with pytest.raises(errors.Conflict) as refusal:
        await projects.delete(admin, "default")
    assert refusal.value.code == "default_project"


def test_the_command(transactional_db):
    Project.objects.get_or_create(pk="default", defaults={"name": "Default"})
    run("project", "create", "lab", "--name", "The lab")
    assert "lab  The lab" in run("project", "list")
    run("project", "rename", "lab", "Laboratory")
    assert "lab  Laboratory" in run("project", "list")
    run("project", "delete", "lab")
    assert "lab" not in run("project", "list")
    for args in (("delete", "lab"), ("rename", "lab", "x"), ("create", "default"), ("delete", "default")):
        with pytest.raises(CommandError):
            run(*args)


# Members


async def test_a_login_comes_in_and_changes_its_role(project, admin):
    ada = await login("ada", ("default", Role.VIEWER))
    member = await members.put(admin, "default", "ada", role=Role.OPERATOR)
    assert member.role == Role.OPERATOR
    await projects.create(admin, "lab")
    await members.put(admin, "lab", "ada", role=Role.ADMIN)
    assert {one.project_id: one.role async for one in Membership.objects.filter(user=ada)} == {
        "default": "operator",
        "lab": "admin",
    }
    listed = await members.list_members(admin, "lab")
    assert [(one.user.username, one.role) for one in listed.items] == [("ada", "admin")]


async def test_members_are_an_administrators_business(project, operator):
    for attempt in (
        members.list_members(operator, "default"),
        members.put(operator, "default", "ada", role=Role.VIEWER),
        members.remove(operator, "default", "ada"),
    ):
        with pytest.raises(errors.Forbidden):
            await attempt


async def test_another_projects_members_are_unknown(project, stranger):
    await login("ada", ("default", Role.ADMIN))
    for attempt in (
        members.list_members(stranger, "default"),
        members.put(stranger, "default", "ada", role=Role.VIEWER),
        members.remove(stranger, "default", "ada"),
    ):
        with pytest.raises(errors.NotFound) as refusal:
            await attempt
        assert refusal.value.code == "project_not_found"
    await members.put(stranger, "other", "ada", role=Role.VIEWER)
    assert await Membership.objects.filter(project_id="other").aexists()


async def test_what_is_not_there(project, admin):
    for attempt, code in (
        (members.list_members(admin, "lab"), "project_not_found"),
        (members.put(admin, "lab", "ada", role=Role.VIEWER), "project_not_found"),
        (members.put(admin, "default", "nobody", role=Role.VIEWER), "user_not_found"),
        (members.remove(admin, "default", "nobody"), "member_not_found"),
        (members.remove(admin, "lab", "nobody"), "project_not_found"),
    ):
        with pytest.raises(errors.NotFound) as refusal:
            await attempt
        assert refusal.value.code == code


async def test_the_last_administrator_stays(project, admin):
    await login("ada", ("default", Role.ADMIN))
    for attempt in (
        members.remove(admin, "default", "ada"),
        members.put(admin, "default", "ada", role=Role.OPERATOR),
    ):
        with pytest.raises(errors.Conflict) as refusal:
            await attempt
        assert refusal.value.code == "last_administrator"
    await login("eve", ("default", Role.ADMIN))
    await members.remove(admin, "default", "ada")


async def test_two_administrators_cannot_take_each_other_out(project, admin):
    for name in ("ada", "eve"):
        await login(name, ("default", Role.ADMIN))

    async def take_out(name: str) -> bool:
        try:
            await members.remove(admin, "default", name)
        except errors.Conflict:
            return False
        return True

    async with asyncio.TaskGroup() as group:
        attempts = [group.create_task(take_out(name)) for name in ("ada", "eve")]
    assert sorted(attempt.result() for attempt in attempts) == [False, True]


async def test_who_is_taken_out_is_cut_off(start, engine, admin):
    session = await start()
    live = engine.find(session.id)
    ada, eve = await login("ada", ("default", Role.OPERATOR)), await login("eve", ("default", Role.OPERATOR))
    for user in (ada, eve):
        live.seat(user_id=str(user.pk), role="control")
    ticket = await viewing.make_ticket(await people.actor_of(ada), session.id, "view", origin_required=True)
    await members.put(admin, "default", "ada", role=Role.VIEWER)
    assert live.disconnected == [{"user_id": str(ada.pk)}]
    live.seat(user_id=str(ada.pk))
    await nodes.heartbeat()
    assert len(live.audience.hub.viewers) == 2
    await members.remove(admin, "default", "ada")
    assert len(live.audience.hub.viewers) == 1
    with pytest.raises(errors.Unauthenticated):
        await viewing.redeem(session.id, ticket.url.partition("ticket=")[2], has_origin=True)


async def test_a_login_that_was_switched_off_is_cut_off(start, engine):
    session = await start()
    ada = await login("ada", ("default", Role.OPERATOR))
    engine.find(session.id).seat(user_id=str(ada.pk))
    await User.objects.filter(pk=ada.pk).aupdate(is_active=False)
    await nodes.heartbeat()
    assert not engine.find(session.id).audience.hub.viewers


async def test_a_person_acts_where_it_was_chosen(project, stranger):
    ada = await login("ada", ("default", Role.VIEWER), ("other", Role.ADMIN))
    assert (await people.actor_of(ada)).project_id == "default"
    actor = await people.actor_of(ada, project_id="other")
    assert (actor.project_id, actor.role) == ("other", Role.ADMIN)
    assert (await people.actor_of(ada, project_id="gone")).project_id == "default"
    nobody = await login("eve")
    with pytest.raises(errors.Forbidden) as refusal:
        await people.actor_of(nobody)
    assert refusal.value.code == "no_project"


async def test_what_was_done_is_written_down(project, admin):
    await login("ada")
    await projects.create(admin, "lab", name="The lab")
    await members.put(admin, "lab", "ada", role=Role.VIEWER)
    await members.remove(admin, "lab", "ada")
    written = [
        (entry.action, entry.target, entry.project_id, entry.actor_name)
        async for entry in AuditEntry.objects.order_by("pk")
    ]
    assert written == [
        ("project.created", "lab", "default", "admin program"),
        ("member.put", "ada", "lab", "admin program"),
        ("member.removed", "ada", "lab", "admin program"),
    ]
    await projects.delete(admin, "lab")
    assert (await AuditEntry.objects.aget(action="member.put")).project_id is None


async def test_a_refusal_is_not_written_down(project, admin):
    await login("ada", ("default", Role.ADMIN))
    with pytest.raises(errors.Conflict):
        await members.remove(admin, "default", "ada")
    assert not await AuditEntry.objects.aexists()


def test_the_system_looks_after_the_server():
    assert SYSTEM.administers_server
    elsewhere = Actor(kind="person", id="user_1", name="Ada", role=Role.ADMIN, project_id="other")
    assert not elsewhere.administers_server
