"""Pictures for walls: taken once for all of them, no more often than they may, sent as far as they are confirmed."""

from __future__ import annotations

import asyncio

import pytest

from sessions_app.engine.errors import NoPicture
from sessions_app.services import gallery, sessions
from sessions_app.services.lookout import Lookout
from sessions_app.services.new_session import NewSession
from tests.engine.conftest import frame
from tests.waiting import turns, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when a test says so."""

    class Time:
        now = 100.0

        @classmethod
        def monotonic(cls) -> float:
            return cls.now

    monkeypatch.setattr(gallery, "time", Time)
    monkeypatch.setattr("sessions_app.services.lookout.time", Time)
    return Time


@pytest.fixture
async def live(engine, start):
    return engine.live[(await start()).id]


async def look(actor, *sessions_seen) -> Lookout:
    lookout = Lookout(actor)
    await lookout.look_at([live.id for live in sessions_seen])
    return lookout


def pictures(lookout: Lookout) -> list[bytes]:
    return [picture.jpeg for picture in lookout.news()]


async def test_a_session_is_asked_once_a_second_for_however_many_look(clock, viewer, live):
    walls = [await look(viewer, live) for _ in range(3)]
    for _ in walls:
        await gallery.take(live)
    assert live.pictures == 1
    assert [pictures(wall) for wall in walls] == [[live.picture]] * 3
    clock.now += 0.9
    assert walls[0].due() == []
    clock.now += 0.1
    assert walls[0].due() == [live]
    await gallery.take(live)
    assert live.pictures == 2


async def test_only_what_has_changed_is_sent(clock, viewer, live):
    wall = await look(viewer, live)
    await gallery.take(live)
    assert pictures(wall) == [live.picture]
    clock.now += 1
    await gallery.take(live)
    assert pictures(wall) == []
    live.picture = b"another"
    clock.now += 1
    await gallery.take(live)
    assert pictures(wall) == [b"another"]


async def test_a_still_page_is_asked_less_often(clock, viewer, live):
    for _ in range(4):
        await gallery.take(live)
        clock.now += 1
    assert not gallery.is_due(live)
    clock.now += 1
    live.picture = b"it moves"
    await gallery.take(live)
    clock.now += 1
    assert gallery.is_due(live)


async def test_what_somebody_watches_is_made_smaller_only_when_it_has_changed(clock, live):
    hub = live.audience.hub
    hub.last_frame = frame(at=1.0)
    for _ in range(3):
        await gallery.take(live)
        clock.now += 1
    assert live.pictures == 1
    hub.last_frame = frame(at=2.0)
    await gallery.take(live)
    assert live.pictures == 2


async def test_a_tab_without_a_picture_is_left_alone_for_longer_each_time(clock, viewer, live):
    live.failure = NoPicture("It hangs.")
    for pause in (4, 8, 16, 30, 30):
        await gallery.take(live)
        clock.now += pause - 0.1
        assert not gallery.is_due(live)
        clock.now += 0.1
        assert gallery.is_due(live)
    live.failure = None
    await gallery.take(live)
    clock.now += 1
    assert gallery.is_due(live)


async def test_so_many_at_once_and_no_more(engine, clock, start, monkeypatch):
    monkeypatch.setattr(gallery, "AT_ONCE", 2)
    lives = [engine.live[(await start()).id] for _ in range(3)]
    gate, asked = asyncio.Event(), []

    async def slow(*, width: int) -> bytes:
        asked.append(width)
        await gate.wait()
        return b"picture"

    for live in lives:
        live.thumbnail = slow
    async with asyncio.TaskGroup() as group:
        for live in lives:
            group.create_task(gallery.take(live))
        await until(lambda: len(asked) == 2)
        await turns()
        assert len(asked) == 2
        assert not gallery.is_due(lives[2])
        gate.set()
    assert gallery.is_due(lives[2])


async def test_who_leaves_while_a_picture_is_taken_blocks_no_place(clock, live):
    begun, never = asyncio.Event(), asyncio.Event()

    async def slow(*, width: int) -> bytes:
        begun.set()
        await never.wait()
        return b""

    live.thumbnail = slow
    async with asyncio.TaskGroup() as group:
        task = group.create_task(gallery.take(live))
        await begun.wait()
        task.cancel()
    assert gallery.is_due(live)


async def test_only_what_is_on_the_screen_of_ones_own_project(engine, clock, viewer, start, stranger, live):
    foreign = engine.live[(await sessions.create(stranger, NewSession())).id]
    other = engine.live[(await start()).id]
    wall = await look(viewer, live, foreign)
    await wall.look_at([live.id, foreign.id, "ses_never", live.id])
    assert wall.due() == [live]
    for one in (live, other, foreign):
        await gallery.take(one)
    assert pictures(wall) == [live.picture]
    await wall.look_at([other.id])
    assert pictures(wall) == [other.picture]
    # Whoever comes back to it has it again.
    await wall.look_at([live.id, other.id])
    assert pictures(wall) == [live.picture]


async def test_no_more_is_out_than_the_wall_confirms(engine, clock, viewer, start, monkeypatch):
    monkeypatch.setattr("sessions_app.services.lookout.WINDOW", 2)
    lives = [engine.live[(await start()).id] for _ in range(3)]
    wall = await look(viewer, *lives)
    for live in lives:
        await gallery.take(live)
    assert pictures(wall) == [live.picture for live in lives[:2]]
    assert wall.waits_for() == 0
    clock.now += 5
    assert wall.waits_for() == 5
    assert pictures(wall) == []
    wall.confirm(1)
    assert pictures(wall) == [lives[2].picture]
    wall.confirm(900)
    assert wall.waits_for() == 0


async def test_a_browser_that_is_started_again_has_new_pictures(engine, clock, viewer, live):
    wall = await look(viewer, live)
    await gallery.take(live)
    assert pictures(wall) == [live.picture]
    again = engine.live[live.id] = type(live)(live.spec, engine)
    assert pictures(wall) == []
    await gallery.take(again)
    assert pictures(wall) == [again.picture]
