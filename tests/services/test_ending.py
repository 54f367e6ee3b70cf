"""Every way a session ends, and what happens when two of them come at once."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.db.models.signals import post_save
from django.utils import timezone

from sessions_app.engine.events import BrowserGone, DeadlinePassed
from sessions_app.models import EndReason, Event, Node, Session, SessionStatus
from sessions_app.services import ending, errors, following, launches, nodes, sessions
from sessions_app.services.new_session import NewSession

if TYPE_CHECKING:
    from sessions_app.engine.config import LaunchSpec
    from tests.services.conftest import Lock

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
    await ending.end(session.id, EndReason.RELEASED)
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


@pytest.fixture
def when_inserted():
    """Calls back in the middle of the transaction that writes a session's row."""
    receivers = []

    def listen(act):
        receivers.append(lambda created, **_: act() if created else None)
        post_save.connect(receivers[-1], sender=Session)

    yield listen
    for receiver in receivers:
        post_save.disconnect(receiver, sender=Session)


async def test_a_client_that_hangs_up_while_the_row_is_written_leaves_nothing(
    engine, operator, when_inserted
):
    loop, hung_up = asyncio.get_running_loop(), threading.Event()

    def hang_up() -> None:
        loop.call_soon_threadsafe(creating.cancel)
        loop.call_soon_threadsafe(hung_up.set)
        hung_up.wait(10)

    when_inserted(hang_up)
    async with asyncio.TaskGroup() as group:
        creating = group.create_task(sessions.create(operator, NewSession()))
    row = await Session.objects.aget()
    assert (row.status, row.end_reason) == ("released", "released")
    assert not engine.launched


async def test_a_start_that_breaks_leaves_no_starting_row(engine, operator):
    async def broken(spec: LaunchSpec) -> None:
        raise OSError("/secret/path: no space left on device")

    engine.launch = broken
    with pytest.raises(OSError, match="no space"):
        await sessions.create(operator, NewSession())
    row = await Session.objects.aget()
    assert (row.status, row.end_reason) == ("failed", "launch_failed")
    assert row.error
    assert "secret" not in row.error


async def test_a_session_that_never_was_has_no_end(engine):
    await ending.end("ses_never", EndReason.RELEASED)
    assert not await Session.objects.aexists()
    assert not await Event.objects.aexists()


async def end_halfway(session_id: str, locked: Lock) -> None:
    locked.left = 1
    with pytest.raises(OperationalError):
        await ending.end(session_id, EndReason.MAX_LIFETIME, "first")
    assert (await Session.objects.aget(pk=session_id)).status == SessionStatus.RELEASING


async def test_an_end_that_was_not_written_down_is_by_the_next_release(engine, start, operator, locked):
    session = await start()
    await end_halfway(session.id, locked)
    facts = await sessions.release(operator, session.id)
    assert (facts.status, facts.end_reason, facts.error) == ("expired", "max_lifetime", "first")
    assert await ends_of(session.id) == ["max_lifetime"]
    assert engine.launched[0].closed == 1


async def test_an_end_that_was_not_written_down_is_by_the_next_heartbeat(engine, start, operator, locked):
    session = await start()
    await end_halfway(session.id, locked)
    await nodes.heartbeat()
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == ("expired", "max_lifetime")


async def test_the_heartbeat_leaves_an_end_that_is_under_way_alone(engine, start, operator):
    session = await start()
    live = engine.find(session.id)
    live.closing.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(sessions.release(operator, session.id))
        await live.asked_to_close.wait()
        await nodes.heartbeat()
        assert (await Session.objects.aget()).status == SessionStatus.RELEASING
        live.closing.set()
    assert await ends_of(session.id) == ["released"]


async def test_the_heartbeat_leaves_a_launch_that_ended_meanwhile_alone(engine, start, monkeypatch):
    session = await start()
    rows = Session.objects.filter(pk=session.id)
    await rows.aupdate(status=SessionStatus.STARTING)

    def run() -> None:
        rows.update(status=SessionStatus.RUNNING)
        connection.close()

    def is_under_way(_: str) -> bool:
        """The launch came to its end just before it was asked for."""
        writer = threading.Thread(target=run)
        writer.start()
        writer.join()
        return False

    monkeypatch.setattr(launches, "is_under_way", is_under_way)
    await nodes.heartbeat()
    assert (await rows.aget()).status == SessionStatus.RUNNING
    assert not engine.find(session.id).closed


def test_a_second_launch_outlasts_the_first():
    first, second = launches.under_way("ses_a"), launches.under_way("ses_a")
    first.__enter__()
    with second:
        first.__exit__(None, None, None)
        assert launches.is_under_way("ses_a")
    assert not launches.is_under_way("ses_a")


async def test_a_client_that_hangs_up_while_releasing_does_not_stop_it(engine, start, operator):
    session = await start()
    live = engine.find(session.id)
    live.closing.clear()
    async with asyncio.TaskGroup() as group:
        releasing = group.create_task(sessions.release(operator, session.id))
        await live.asked_to_close.wait()
        releasing.cancel()
    live.closing.set()
    await ending.end(session.id, EndReason.RELEASED)
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


async def test_a_server_under_another_host_name_knows_its_own_sessions(engine, start, operator):
    session = await start()
    engine.live.clear()
    await Node.objects.aupdate(name="old-container")
    again = await nodes.register()
    assert (again.name, again.epoch) == (socket.gethostname(), 2)
    assert await sessions.sweep_lost() == 1
    assert (await sessions.get(operator, session.id)).status == SessionStatus.LOST


async def test_two_data_folders_on_one_machine_are_two_nodes(engine, start, settings):
    await start()
    settings.QUARTERDECK_NODE = "node_of_another_folder"
    other = await nodes.register()
    assert other.epoch == 1
    assert await Node.objects.filter(name=other.name).acount() == 2
    assert await sessions.sweep_lost() == 0


async def test_another_nodes_sessions_are_lost_only_when_its_lease_is_out(engine, start, operator):
    session = await start()
    now = timezone.now()
    other = await Node.objects.acreate(name="other", started_at=now, lease_until=now + timedelta(seconds=20))
    await Session.objects.filter(pk=session.id).aupdate(node=other)
    assert await sessions.sweep_lost() == 0
    await Node.objects.filter(pk=other.pk).aupdate(lease_until=now - timedelta(seconds=1))
    assert await sessions.sweep_lost() == 1


async def test_the_heartbeat_closes_what_was_ended_from_outside(engine, start):
    stays, *gone = [await start() for _ in range(3)]
    going = [engine.find(session.id) for session in gone]
    for live in going:
        live.closing.clear()
    rows = Session.objects.filter(pk__in=[session.id for session in gone])
    await rows.aupdate(
        status=SessionStatus.EXPIRED, end_reason=EndReason.IDLE_TIMEOUT, ended_at=timezone.now()
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(nodes.heartbeat())
        for live in going:
            await live.asked_to_close.wait()  # none waits for another
        for live in going:
            live.closing.set()
    assert [live.id for live in engine.sessions] == [stays.id]
    assert {(live.ending["status"], live.ending["reason"]) for live in going} == {("expired", "idle_timeout")}
    assert "nothing happened" in going[0].ending["message"]


async def test_the_heartbeat_closes_a_browser_whose_row_is_gone(engine, start):
    session = await start()
    await Session.objects.filter(pk=session.id).adelete()
    await nodes.heartbeat()
    assert not engine.sessions


async def test_the_heartbeat_renews_the_lease_and_writes_down_what_is_seen(engine, start):
    session = await start()
    engine.find(session.id).show(title="Now")
    engine.find(session.id).usage.actions = 3
    before = await Node.objects.aget()
    await nodes.heartbeat()
    row = await Session.objects.aget(pk=session.id)
    assert (row.title, row.actions, row.cpu_seconds) == ("Now", 3, 0.5)
    assert (await Node.objects.aget()).lease_until > before.lease_until


async def test_a_heartbeat_writes_nothing_of_those_that_did_nothing(engine, start):
    session = await start()
    await nodes.heartbeat()
    row = Session.objects.filter(pk=session.id)
    await row.aupdate(actions=7)
    await nodes.heartbeat()
    assert (await row.aget()).actions == 7
    engine.find(session.id).usage.actions = 8
    await nodes.heartbeat()
    assert (await row.aget()).actions == 8


def test_every_end_is_final():
    for status in SessionStatus:
        for reason in EndReason:
            assert status.can_become(reason.status) is not status.has_ended
    assert SessionStatus.STARTING.can_become(SessionStatus.RUNNING)
    assert not SessionStatus.RELEASING.can_become(SessionStatus.RUNNING)
