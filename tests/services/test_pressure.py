"""How full the server is: what runs, what waits, what the machine has left."""

from __future__ import annotations

import os

import pytest

from sessions_app.engine.config import EngineConfig
from sessions_app.models import Session, SessionStatus
from sessions_app.services import machine, meters, pressure
from sessions_app.services.machine import Processor
from sessions_app.services.meters import Recent

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_quiet_server(engine, operator, settings):
    found = await pressure.read(operator)
    assert (found.running, found.queued) == (0, 0)
    assert (found.max_sessions, found.queue_limit) == (32, settings.QUARTERDECK_QUEUE)
    assert found.accepting
    assert 0 <= found.cpu <= 1
    assert 0 < found.memory.available <= found.memory.total
    assert found.memory.used_by_sessions == 0
    assert found.load[0] == pytest.approx(os.getloadavg()[0], abs=1)


async def test_it_counts_every_project(start, engine, stranger):
    sessions = [(await start()).id for _ in range(3)]
    await Session.objects.filter(pk=sessions[0]).aupdate(status=SessionStatus.QUEUED)
    await Session.objects.filter(pk=sessions[1]).aupdate(status=SessionStatus.RELEASING)
    found = await pressure.read(stranger)
    assert (found.running, found.queued) == (2, 1)
    # The test's own process stands for each browser's.
    assert found.memory.used_by_sessions > 0


@pytest.mark.parametrize(("queue", "accepting"), [(1, True), (0, False)])
async def test_a_full_server_accepts_as_long_as_one_may_wait(
    start, engine, operator, settings, queue, accepting
):
    await start()
    engine.config = EngineConfig(chromium={}, sessions_dir=engine.config.sessions_dir, max_sessions=1)
    settings.QUARTERDECK_QUEUE = queue
    assert (await pressure.read(operator)).accepting is accepting


async def test_a_server_that_stops_accepts_nothing(engine, operator):
    engine.is_open = False
    assert not (await pressure.read(operator)).accepting


async def test_who_was_turned_away(engine, operator):
    before = (await pressure.read(operator)).recently_rejected
    meters.session_rejected()
    assert (await pressure.read(operator)).recently_rejected == before + 1


def test_recently_ends():
    recent = Recent(300)
    for now in (10.0, 10.5, 11.0, 200.0):
        recent.add(now)
    assert recent.count(200.0) == 4
    assert recent.count(310.5) == 2
    assert recent.count(600.0) == 0


def test_the_processors_share():
    processor = Processor()
    shares = [processor.look() for _ in range(3)]
    # Looks that follow at once are one.
    assert shares[1] == shares[2]
    assert all(0 <= share <= 1 for share in shares)


async def test_browsers_are_not_measured_again_at_once(start, engine):
    live = engine.find((await start()).id)
    first = machine.uses()
    assert machine.uses() is first
    live.process.pid += 1
    assert machine.uses() is not first
