"""Every way a session ends, and what happens when two of them come at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.engine.events import BrowserGone, DeadlinePassed
from sessions_app.models import EndReason, Event, Node, Session, SessionStatus
from sessions_app.services import errors, following, nodes, sessions
from sessions_app.services.new_session import NewSession

pytestmark = pytest.mark.django_db(transaction=True)


async def ends_of(session_id: str) -> list[str]:
    """The entries that say how it ended; more than one would mean that it ended twice."""
    entries = Event.objects.filter(session_id=session_id, kind="lifecycle", data__has_key="reason")
    return [entry.data["reason"] async for entry in entries]


async def test_two_releases_at_once_end_it_once(engine, start, operator, person):
    session = await start()
    live = engine.find(session.id)
    live.closing.clear()
    async with asyncio.TaskGroup() as group:
        answers = [
            group.create_task(sessions.release(actor, session.id)) for actor in (operator, person, operator)
        ]
        await live.asked_to_close.wait()
        live.closing.set()
    assert {answer.result().status for answer in answers} == {SessionStatus.RELEASED}
    assert len({answer.result().end_reason for answer in answers}) == 1
    assert live.closed == 1
    assert len(await ends_of(session.id)) == 1


async def test_a_row_that_another_process_ended_is_left_alone(engine, start):
    session = await start()
    await Session.objects.filter(pk=session.id).aupdate(
        status=SessionStatus.EXPIRED, end_reason=EndReason.IDLE_TIMEOUT, ended_at=timezone.now()
    )
    await sessions.end(session.id, EndReason.RELEASED)
    row = await Session.objects.aget(pk=session.id)
    assert (row.status, row.end_reason) == ("expired", "idle_timeout")
    assert engine.launched[0].closed == 1


async def test_released_while_starting(engine, operator):
    """The row says released at once, and the browser that comes up afterwards is closed."""
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        creating = group.create_task(_refused(sessions.create(operator, NewSession())))
        await engine.asked.wait()
        row = await Session.objects.aget()
        released = await sessions.release(operator, row.id)
        engine.launching.set()
    assert released.status == SessionStatus.RELEASED
    assert creating.result().code == "session_ended"
    assert engine.launched[0].closed == 1
    assert await ends_of(row.id) == ["released"]


async def _refused(work) -> errors.ServiceError:
    with pytest.raises(errors.ServiceError) as refusal:
        await work
    return refusal.value


async def test_a_client_that_hangs_up_while_creating_leaves_nothing(engine, operator):
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        creating = group.create_task(sessions.create(operator, NewSession()))
        await engine.asked.wait()
        creating.cancel()
    row = await Session.objects.aget()
    assert row.status == SessionStatus.RELEASED
    assert not engine.sessions


async def test_a_client_that_hangs_up_while_releasing_does_not_stop_it(engine, start, operator):
    session = await start()
    live = engine.find(session.id)
    live.closing.clear()
    async with asyncio.TaskGroup() as group:
        releasing = group.create_task(sessions.release(operator, session.id))
        await live.asked_to_close.wait()
        releasing.cancel()
    live.closing.set()
    await sessions.end(session.id, EndReason.RELEASED)
    assert (await Session.objects.aget(pk=session.id)).status == SessionStatus.RELEASED


@pytest.mark.parametrize(
    ("event", "status", "reason"),
    [
        (DeadlinePassed(session_id="", reason="idle_timeout"), "expired", "idle_timeout"),
        (DeadlinePassed(session_id="", reason="max_lifetime"), "expired", "max_lifetime"),
        (
            BrowserGone(session_id="", reason="browser_crashed", detail="signal 9"),
            "failed",
            "browser_crashed",
        ),
        (BrowserGone(session_id="", reason="out_of_memory", detail=""), "failed", "out_of_memory"),
    ],
)
async def test_the_engine_ends_it(engine, start, operator, event, status, reason):
    session = await start()
    object.__setattr__(event, "session_id", session.id)
    live = engine.find(session.id)
    await following.follow(event)
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == (status, reason)
    assert facts.error == (getattr(event, "detail", "") or None)
    assert live.ending == {"status": status, "reason": reason, "message": live.ending["message"]}
    assert "signal" not in live.ending["message"]


async def test_the_end_writes_down_what_was_used(engine, start, operator):
    session = await start()
    live = engine.find(session.id)
    live.usage.frames, live.usage.bytes_sent, live.cpu_seconds = 7, 1000, 2.5
    live.show(url="https://example.com/last", title="Last")
    facts = await sessions.release(operator, session.id)
    assert (facts.usage.frames, facts.usage.bytes_sent, facts.usage.cpu_seconds) == (7, 1000, 2.5)
    assert (facts.url, facts.title) == ("https://example.com/last", "Last")
    assert facts.usage.seconds > 0


async def test_the_server_stops(engine, start, operator):
    sessions_before = [await start() for _ in range(3)]
    await sessions.stop_all()
    assert not engine.sessions
    for session in sessions_before:
        facts = await sessions.get(operator, session.id)
        assert (facts.status, facts.end_reason) == ("released", "server_stopped")


async def test_the_next_start_marks_what_a_killed_server_left(engine, start, operator):
    running, ended = await start(), await start()
    await sessions.release(operator, ended.id)
    engine.live.clear()
    epoch = nodes.current().epoch
    await nodes.register()
    assert nodes.current().epoch == epoch + 1
    assert await sessions.sweep_lost() == 1
    assert await sessions.sweep_lost() == 0
    facts = await sessions.get(operator, running.id)
    assert (facts.status, facts.end_reason) == ("lost", "server_lost")
    assert (await sessions.get(operator, ended.id)).status == "released"


async def test_another_nodes_sessions_are_lost_only_when_its_lease_is_out(engine, start, operator):
    session = await start()
    now = timezone.now()
    other = await Node.objects.acreate(name="other", started_at=now, lease_until=now + timedelta(seconds=20))
    await Session.objects.filter(pk=session.id).aupdate(node=other)
    assert await sessions.sweep_lost() == 0
    await Node.objects.filter(pk=other.pk).aupdate(lease_until=now - timedelta(seconds=1))
    assert await sessions.sweep_lost() == 1


async def test_the_heartbeat_closes_what_was_ended_from_outside(engine, start):
    stays, goes = await start(), await start()
    rows = Session.objects.filter(pk=goes.id)
    await rows.aupdate(
        status=SessionStatus.EXPIRED, end_reason=EndReason.IDLE_TIMEOUT, ended_at=timezone.now()
    )
    await nodes.heartbeat()
    assert [live.id for live in engine.sessions] == [stays.id]


async def test_the_heartbeat_renews_the_lease_and_writes_down_what_is_seen(engine, start):
    session = await start()
    engine.find(session.id).show(title="Now")
    engine.find(session.id).usage.actions = 3
    before = await Node.objects.aget()
    await nodes.heartbeat()
    row = await Session.objects.aget(pk=session.id)
    assert (row.title, row.actions, row.cpu_seconds) == ("Now", 3, 0.5)
    assert (await Node.objects.aget()).lease_until > before.lease_until


def test_every_end_is_final():
    for status in SessionStatus:
        for reason in EndReason:
            assert status.can_become(reason.status) is not status.has_ended
    assert SessionStatus.STARTING.can_become(SessionStatus.RUNNING)
    assert not SessionStatus.RELEASING.can_become(SessionStatus.RUNNING)
