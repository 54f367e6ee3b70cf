"""Who asks a full server waits, in order, and starts by itself."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app.models import EndReason, Event, Session, SessionStatus
from sessions_app.services import control, ending, errors, links, nodes, queue, sessions, starting, viewing
from sessions_app.services.new_session import NewSession
from tests.waiting import turns, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small(engine, settings):
    """Two may run, three may wait."""
    object.__setattr__(engine.config, "max_sessions", 2)
    settings.QUARTERDECK_QUEUE = 3


@pytest.fixture
async def full(start):
    return [await start() for _ in range(2)]


@asynccontextmanager
async def working() -> AsyncIterator[None]:
    """The server's own worker."""
    async with asyncio.TaskGroup() as group:
        worker = group.create_task(queue.work())
        try:
            yield
        finally:
            worker.cancel()


async def status_of(session_id: str) -> str:
    return str((await Session.objects.aget(pk=session_id)).status)


async def launched(engine, count: int) -> list[str]:
    await until(lambda: len(engine.launched) >= count)
    return [live.id for live in engine.launched]


async def is_running(operator, session_id: str) -> None:
    """It becomes so."""
    async with asyncio.timeout(5):
        while (await sessions.get(operator, session_id)).status != SessionStatus.RUNNING:
            pass


async def test_a_full_server_answers_at_once_with_a_place_in_the_queue(engine, full, start, operator):
    waiting = [await start(name=str(number)) for number in range(2)]
    assert [session.status for session in waiting] == ["queued", "queued"]
    assert [session.queue_position for session in waiting] == [1, 2]
    assert waiting[0].started_at is None
    assert waiting[0].resource_url
    assert len(engine.launched) == 2
    listed = {one.id: one for one in (await sessions.list_sessions(operator)).items}
    assert [listed[session.id].queue_position for session in waiting] == [1, 2]
    assert listed[full[0].id].queue_position is None


async def test_a_full_queue_refuses(full, start):
    for _ in range(3):
        await start()
    with pytest.raises(errors.QuotaExceeded) as refusal:
        await start()
    assert (refusal.value.code, refusal.value.retry_after) == ("quota_exceeded", starting.RETRY_AFTER)
    assert "3 wait" in refusal.value.detail
    assert await Session.objects.acount() == 5


async def test_without_a_queue_a_full_server_refuses(full, start, settings):
    settings.QUARTERDECK_QUEUE = 0
    with pytest.raises(errors.QuotaExceeded):
        await start()


async def test_as_places_become_free_the_oldest_starts_first_and_at_once(engine, full, start, operator):
    waiting = [await start() for _ in range(3)]
    async with working():
        for running, first in zip(full, waiting, strict=False):
            began = time.monotonic()
            await sessions.release(operator, running.id)
            await is_running(operator, first.id)
            assert time.monotonic() - began < queue.LOOK_AGAIN / 2
        assert (await sessions.get(operator, waiting[2].id)).queue_position == 1
        await sessions.release_many(operator, ids=[one.id for one in waiting[:2]])
        await is_running(operator, waiting[2].id)
    assert [live.id for live in engine.launched] == [one.id for one in (*full, *waiting)]
    started = await sessions.get(operator, waiting[0].id)
    assert started.queue_position is None
    assert started.started_at
    assert started.started_at > started.created_at


async def test_nobody_who_comes_later_overtakes(engine, full, start, operator):
    first = await start()
    await sessions.release(operator, full[0].id)
    late = await start()
    assert (late.status, late.queue_position) == ("queued", 2)
    async with working():
        await is_running(operator, first.id)
    assert await status_of(late.id) == "queued"


async def test_many_at_once_never_become_too_many(engine, operator):
    async with working():
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(sessions.create(operator, NewSession())) for _ in range(5)]
        assert len(engine.sessions) == 2
        for one in asked:
            await until(lambda: engine.sessions)
            await sessions.release(operator, one.result().id)
            assert len(engine.sessions) <= 2


async def test_a_place_that_another_process_freed_is_found_too(engine, full, start, operator):
    async with working():
        await turns()
        waiting = await start()
        await Session.objects.filter(pk=full[0].id).aupdate(
            status=SessionStatus.EXPIRED, end_reason=EndReason.IDLE_TIMEOUT, ended_at=timezone.now()
        )
        await is_running(operator, waiting.id)


async def test_one_that_waits_is_released_at_once(engine, full, start, operator):
    first, second = await start(), await start()
    facts = await sessions.release(operator, first.id)
    assert (facts.status, facts.end_reason, facts.queue_position) == ("released", "released", None)
    assert (await sessions.get(operator, second.id)).queue_position == 1
    assert len(engine.launched) == 2


async def test_one_that_is_released_while_it_is_started_from_the_queue_stays_released(
    engine, full, start, operator
):
    waiting = await start()
    engine.asked.clear()
    engine.launching.clear()
    async with working():
        await sessions.release(operator, full[0].id)
        await engine.asked.wait()
        assert await status_of(waiting.id) == "starting"
        await sessions.release(operator, waiting.id)
        engine.launching.set()
        await launched(engine, 3)
        await until(lambda: engine.launched[2].closed)
    assert await status_of(waiting.id) == "released"


async def test_one_that_waited_too_long_fails_and_says_how_long(full, start, operator):
    late, later = await start(), await start()
    since = timezone.now() - timedelta(seconds=301)
    await Session.objects.filter(pk=late.id).aupdate(created_at=since)
    async with working():
        await until_ended(late.id)
    facts = await sessions.get(operator, late.id)
    assert (facts.status, facts.end_reason) == ("failed", "launch_failed")
    assert facts.error == "No place became free; it waited 301 seconds."
    assert await status_of(later.id) == "queued"


async def until_ended(session_id: str) -> None:
    async with asyncio.timeout(5):
        while await Session.objects.filter(pk=session_id, ended_at=None).aexists():
            pass


async def test_one_whose_browser_does_not_start_makes_room_for_the_next(engine, full, start, operator):
    doomed = await start()
    engine.failure = "Chromium ended at once."
    async with working():
        await sessions.release(operator, full[0].id)
        await until_ended(doomed.id)
    facts = await sessions.get(operator, doomed.id)
    assert (facts.status, facts.end_reason, facts.error) == (
        "failed",
        "launch_failed",
        "Chromium ended at once.",
    )


async def test_what_needs_a_browser_says_that_it_waits(full, start, operator):
    waiting = await start()
    link_id, _, token = waiting.resource_url.rpartition("/")[2].partition("#")
    for asked in (
        sessions.keepalive(operator, waiting.id),
        control.take(operator, waiting.id),
        viewing.make_ticket(operator, waiting.id, "view", origin_required=False),
        links.exchange(link_id, token),
        sessions.update(operator, waiting.id, idle_timeout=5),
    ):
        with pytest.raises(errors.Conflict) as refusal:
            await asked
        assert refusal.value.code == "session_queued"
    assert (await sessions.update(operator, waiting.id, name="Patient")).name == "Patient"


async def test_the_queue_survives_the_servers_stop(engine, full, start, operator):
    waiting = await start(url="https://example.com/")
    await sessions.stop_all()
    assert await status_of(waiting.id) == "queued"
    await next_server(operator, waiting.id)


async def test_the_queue_survives_the_servers_death(engine, full, start, operator):
    waiting = await start()
    engine.live.clear()
    await next_server(operator, waiting.id)


async def next_server(operator, session_id: str) -> None:
    await nodes.register()
    await sessions.sweep_lost()
    async with working():
        await is_running(operator, session_id)


async def test_a_launch_that_the_servers_stop_cuts_off_waits_for_the_next_server(
    engine, full, start, operator
):
    waiting = await start()
    engine.asked.clear()
    engine.launching.clear()
    async with working():
        await sessions.release(operator, full[0].id)
        await engine.asked.wait()
    await sessions.stop_all()
    assert await status_of(waiting.id) == "queued"
    assert not engine.sessions
    engine.launching.set()
    await next_server(operator, waiting.id)
    entries = Event.objects.filter(session_id=waiting.id, kind="lifecycle").order_by("pk")
    statuses = [entry.data["status"] async for entry in entries]
    assert statuses == ["queued", "starting", "queued", "starting", "running"]


async def test_a_database_that_does_not_answer_for_a_while_loses_nobody(
    engine, full, start, operator, locked
):
    waiting = await start()
    await sessions.release(operator, full[0].id)
    locked.left = 1
    async with working():
        await is_running(operator, waiting.id)
    assert not locked.left


async def test_a_start_that_could_not_be_written_down_is_ended_by_the_heartbeat(engine, start, operator):
    """Neither the browser nor the place is lost."""
    session = await start()
    await Session.objects.filter(pk=session.id).aupdate(status=SessionStatus.STARTING, started_at=None)
    await nodes.heartbeat()
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == ("failed", "launch_failed")
    assert not engine.sessions


async def test_the_heartbeat_leaves_a_start_that_is_under_way_alone(engine, operator):
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        creating = group.create_task(sessions.create(operator, NewSession()))
        await engine.asked.wait()
        await nodes.heartbeat()
        engine.launching.set()
    assert creating.result().status == SessionStatus.RUNNING


async def test_the_queue_of_another_server_is_its_own(engine, full, start, operator, settings):
    await start()
    settings.QUARTERDECK_NODE = "node_of_another_folder"
    await nodes.register()
    here = await start()
    assert (here.status, here.queue_position) == ("running", None)


async def test_an_ended_session_is_not_queued_again(full, start):
    waiting = await start()
    row = await Session.objects.aget(pk=waiting.id)
    await ending.end(row.id, EndReason.RELEASED)
    assert not await sync_to_async(queue._claim)(row)
    assert await status_of(row.id) == "released"
