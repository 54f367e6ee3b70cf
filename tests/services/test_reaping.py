"""A server that lives ends what a dead one left, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import Node, Session, SessionStatus
from sessions_app.services import cleanup, nodes, reaping, sessions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def dead(project):
    then = timezone.now() - timedelta(minutes=1)
    return await Node.objects.acreate(name="dead", started_at=then, lease_until=then)


@pytest.fixture
async def theirs(start, dead, engine):
    session = await start()
    engine.live.clear()
    await Session.objects.filter(pk=session.id).aupdate(node=dead)
    return session


async def test_a_dead_servers_sessions_are_lost(theirs, start, operator):
    ours = await start()
    reaper = reaping.Reaper()
    assert [await reaper.look() for _ in range(3)] == [0, 1, 0]
    facts = await sessions.get(operator, theirs.id)
    assert (facts.status, facts.end_reason) == ("lost", "server_lost")
    assert (await sessions.get(operator, ours.id)).status == SessionStatus.RUNNING


async def test_a_lease_that_is_out_but_renewed_is_a_clock_that_jumped(theirs, dead, operator):
    reaper = reaping.Reaper()
    for seconds in (60, 58, 56):
        late = timezone.now() - timedelta(seconds=seconds)
        await Node.objects.filter(pk=dead.pk).aupdate(lease_until=late)
        assert await reaper.look() == 0
    assert (await sessions.get(operator, theirs.id)).status == SessionStatus.RUNNING


async def test_its_own_lease_ends_nothing(start, operator):
    session = await start()
    await Node.objects.aupdate(lease_until=timezone.now() - timedelta(hours=1))
    reaper = reaping.Reaper()
    assert [await reaper.look() for _ in range(2)] == [0, 0]
    await cleanup.run()
    assert (await sessions.get(operator, session.id)).status == SessionStatus.RUNNING


async def test_who_waits_for_a_dead_server_waits_until_the_time_is_out(theirs, operator):
    rows = Session.objects.filter(pk=theirs.id)
    await rows.aupdate(status=SessionStatus.QUEUED, started_at=None)
    reaper = reaping.Reaper()
    assert [await reaper.look() for _ in range(2)] == [0, 0]
    assert (await sessions.get(operator, theirs.id)).status == SessionStatus.QUEUED
    await rows.aupdate(created_at=timezone.now() - timedelta(seconds=301))
    await reaper.look()
    facts = await sessions.get(operator, theirs.id)
    assert (facts.end_reason, facts.error) == (
        "launch_failed",
        "No place became free; it waited 301 seconds.",
    )


async def test_the_heartbeat_keeps_a_server_alive_in_others_eyes(engine):
    await Node.objects.aupdate(lease_until=timezone.now() - timedelta(seconds=5))
    await nodes.heartbeat()
    left = (await Node.objects.aget()).lease_until - timezone.now()
    assert timedelta(seconds=15) < left <= nodes.LEASE
