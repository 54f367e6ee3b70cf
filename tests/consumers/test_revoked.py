"""A right that is gone closes what was opened by it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest
from django.test import AsyncClient
from django.utils import timezone

from sessions_app.models import ApiKey, AuditEntry, Membership, Role
from sessions_app.services import control, keys, links, people, sessions, sockets, viewing
from sessions_app.services.actors import SYSTEM, Actor
from tests.consumers.conftest import Socket, Stage, path_of
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Socket]


@pytest.fixture
async def robot(project: object) -> Actor:
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)
    actor = await keys.authenticate_key(token)
    assert actor
    return actor


@pytest.fixture
async def opened(session: Stage, connect: Connect, robot: Actor, operator: Actor) -> list[Socket]:
    """By the key's resource_url, by its ticket, by its cdp_url; and a viewer and a DevTools client of somebody else."""
    shown = await sessions.get(robot, session.id)
    token = (shown.resource_url or "").partition("#")[2]
    own = await links.exchange(session.id, token)
    ticket = await viewing.make_ticket(robot, session.id, "view", origin_required=False)
    others = await viewing.make_ticket(operator, session.id, "view", origin_required=False)
    made = []
    for url in (own.url, ticket.url, shown.cdp_url, others.url, session.facts.cdp_url):
        made.append(connect(path_of(url or "")))
        assert await made[-1].open()
    await until(lambda: session.live.viewer_count == 3)
    assert len(session.live.cdp_clients) == 2
    return made


@pytest.mark.parametrize("here", [True, False])
async def test_a_keys_sockets(session: Stage, opened: list[Socket], robot: Actor, *, here: bool) -> None:
    """Revoked by this process, or by another and found at the next heartbeat."""
    if here:
        await keys.revoke_key(SYSTEM, str(robot.key_id))
    else:
        await ApiKey.objects.aupdate(revoked_at=timezone.now())
        await sockets.cut_fallen()
    by_resource, by_ticket, by_cdp, *_ = opened
    assert [await by_resource.closed(), await by_ticket.closed()] == [4403, 4403]
    assert await by_cdp.closed() == 1000
    left = [viewer for viewer in session.live.audience.hub.viewers.values() if viewer.closed_with is None]
    assert [viewer.name for viewer in left] == ["operator program"]
    assert [client.key_id for client in session.live.cdp_clients] == [None]


async def test_its_addresses_open_nothing_any_more(session: Stage, connect: Connect, robot: Actor) -> None:
    shown = await sessions.get(robot, session.id)
    version = path_of(shown.cdp_url or "").replace("?", "/json/version?")
    told = await AsyncClient().get(version)
    assert told.json()["webSocketDebuggerUrl"] == shown.cdp_url
    await keys.revoke_key(SYSTEM, str(robot.key_id))
    assert (await AsyncClient().get(version)).status_code == 401
    socket = connect(path_of(shown.cdp_url or ""), origin=None)
    assert await socket.open()
    assert await socket.closed() == 4401


async def test_a_person_who_is_taken_out(session: Stage, connect: Connect, person: Actor) -> None:
    made = await viewing.make_ticket(person, session.id, "control", origin_required=True)
    socket = connect(path_of(made.url))
    assert await socket.open()
    await socket.hear("stats")
    await sockets.cut_fallen()
    assert session.live.viewer_count == 1
    await Membership.objects.aupdate(role=Role.VIEWER)
    await sockets.cut_fallen()
    assert await socket.closed() == 4403


async def test_control_taken_by_force_is_written_down(
    session: Stage, connect: Connect, person: Actor, operator: Actor
) -> None:
    guest = await links.exchange(session.id, (session.facts.resource_url or "").partition("#")[2])
    mine = await viewing.make_ticket(person, session.id, "control", origin_required=True)
    theirs, ours = connect(path_of(guest.url)), connect(path_of(mine.url))
    for socket in (theirs, ours):
        assert await socket.open()
        await socket.hear("stats")
    await theirs.say(type="control", action="take")
    await until(lambda: session.live.controller)
    await ours.say(type="control", action="take")
    assert (await ours.hear("error"))["code"] == "control_held"
    assert not await AuditEntry.objects.aexists()
    await ours.say(type="control", action="take", force=True)
    await until(lambda: session.live.controller and session.live.controller.name == "Ada")
    await ours.say(json.dumps({"type": "control", "action": "release"}))
    await until(lambda: session.live.controller is None)
    written = await AuditEntry.objects.aget()
    assert (written.action, written.target, written.detail) == (
        "control.forced",
        session.id,
        {"taken_from": "Guest"},
    )
    assert (written.actor_id, written.project_id) == (person.id, "default")


async def test_what_is_taken_from_a_program_needs_no_force(
    session: Stage, connect: Connect, person: Actor, operator: Actor
) -> None:
    await control.take(operator, session.id)
    mine = await viewing.make_ticket(person, session.id, "control", origin_required=True)
    socket = connect(path_of(mine.url))
    assert await socket.open()
    await socket.hear("stats")
    await socket.say(type="control", action="take")
    await until(lambda: session.live.controller and session.live.controller.name == "Ada")
    await socket.say(type="control", action="release")
    await until(lambda: session.live.controller is None)
    assert not await AuditEntry.objects.aexists()


async def test_a_membership_elsewhere_opens_nothing_here(
    stage: Callable[[], Awaitable[Stage]], stranger: Actor, person: Actor
) -> None:
    session = await stage()
    await Membership.objects.aupdate(project=stranger.project_id)
    member = await Membership.objects.select_related("user").aget()
    assert (await people.actor_of(member.user)).project_id == "other"
    session.live.attach_viewer(role="view", name="Ada", user_id=person.user_id)
    await sockets.cut_fallen()
    assert [viewer.closed_with for viewer in session.live.audience.hub.viewers.values()] == [4403]
