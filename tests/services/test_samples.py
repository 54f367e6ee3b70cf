"""The server's own measurements: taken, made coarser, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app.engine.tally import Tally
from sessions_app.models import Node, Sample, Session, SessionStatus
from sessions_app.services import meters, nodes, samples, sessions
from sessions_app.services.samples import KEPT, Sampler
from tests.measuring import put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def sampler(engine):
    """One that has begun."""
    found = Sampler()
    await found.take()
    return found


async def taken(sampler):
    """Another sample, as if the time since the last began a little earlier than all there are."""
    await Sample.objects.all().adelete()
    await sampler.take()
    return (await Sample.objects.aget(seconds=10)).values


async def test_there_is_nothing_to_say_of_no_time(sampler):
    assert not await Sample.objects.aexists()
    assert not sampler.lately


async def test_how_it_stands(start, engine, sampler):
    waiting = await start()
    await start()
    await Session.objects.filter(pk=waiting.id).aupdate(status=SessionStatus.QUEUED)
    engine.launched[0].viewer_count = 3
    found = await taken(sampler)
    assert (found["running"], found["queued"], found["viewers"], found["max_sessions"]) == (1, 1, 3, 32)
    assert 0 <= found["cpu"] <= 1
    assert found["memory_server"] > 0
    assert found["memory_sessions"] > 0
    assert 0 < found["disk_free"] < found["disk_total"]
    assert list(sampler.lately) == [found]


async def test_what_happened_is_told_once(start, engine, sampler, operator):
    session = await start()
    tally = Tally(frames=40)
    tally.inputs.add(0.004)
    engine.launched[0].audience.hub.tally = tally
    meters.session_rejected()
    meters.requests.labels("GET", "x", 503).inc()
    for not_ours in (404, 502, 504):
        meters.requests.labels("POST", "x", not_ours).inc()
    meters.ended.labels("browser_crashed").inc()
    await sessions.release(operator, session.id)
    found = await taken(sampler)
    told = ("created", "frames", "rejected", "failed_requests", "broken_sessions")
    assert [found[name] for name in told] == [1, 40, 1, 1, 1]
    assert (sum(found["create"]), sum(found["input"]), found["input"][2]) == (1, 1, 1)
    again = await taken(sampler)
    assert [again[name] for name in told] == [0, 0, 0, 0, 0]
    assert again["create"] == again["input"] == []


async def test_a_browsers_processor_time(start, engine, sampler):
    await start()
    assert (await taken(sampler))["cpu_sessions"] > 0
    assert (await taken(sampler))["cpu_sessions"] == 0


async def test_an_engine_that_counts_from_0(start, engine, sampler):
    await start()
    engine.launched[0].audience.hub.tally = Tally(frames=40)
    await sampler.take()
    engine.launched.clear()
    sampler.forget()
    await sampler.take()
    assert (await taken(sampler))["frames"] == 0


async def test_a_moment_is_measured_once_whatever_the_machines_clock_says(sampler):
    began = sampler._before.wall
    await sampler.take()
    sampler._before = replace(sampler._before, wall=began)
    await sampler.take()
    assert await Sample.objects.filter(seconds=10).acount() == 1
    assert len(sampler.lately) == 2


async def test_minutes_and_quarters_are_made_of_what_is_finer(sampler):
    quarter = samples._floor(timezone.now(), 900) - timedelta(seconds=900)
    for second in (0, 10, 890):
        await put(10, quarter + timedelta(seconds=second), running=second, created=1, create=[1] + [0] * 11)
    await sampler.take()
    before = Sample.objects.filter(at__lt=quarter + timedelta(seconds=900))
    minutes = {row.at: row.values async for row in before.filter(seconds=60)}
    assert list(minutes) == [quarter, quarter + timedelta(minutes=14)]
    first = minutes[quarter]
    assert (first["running"], first["created"], first["seconds"], first["create"][0]) == (5, 2, 20, 2)
    whole = await Sample.objects.aget(seconds=900)
    assert (whole.at, whole.values["running"], whole.values["created"]) == (quarter, 300, 3)
    sampler.forget()
    for _ in range(2):
        await sampler.take()
    assert await before.filter(seconds=60).acount() == 2
    assert await before.filter(seconds=900).acount() == 1


async def test_a_minute_that_is_not_over_waits(sampler):
    minute = samples._floor(timezone.now(), 60) + timedelta(minutes=1)
    await put(10, minute)
    await sampler.take()
    assert not await Sample.objects.filter(seconds=60, at=minute).aexists()


async def test_servers_measure_each_for_itself(sampler):
    other = await Node.objects.acreate(
        name="other", started_at=timezone.now(), lease_until=timezone.now() + nodes.LEASE
    )
    await put(10, samples._floor(timezone.now(), 60) - timedelta(minutes=2), node=other)
    await sampler.take()
    assert await Sample.objects.filter(node=other).acount() == 1
    assert not await Sample.objects.filter(seconds=60, at__lt=timezone.now() - timedelta(minutes=2)).aexists()


@pytest.mark.parametrize(("seconds", "least"), [(10, 3600), (60, 86400), (900, 30 * 86400)])
async def test_each_is_kept_as_long_as_its_chart_shows_it(engine, seconds, least):
    assert KEPT[seconds] >= timedelta(seconds=least)
    now = timezone.now()
    await put(seconds, now - KEPT[seconds] - timedelta(seconds=1))
    kept = await put(seconds, now - timedelta(seconds=least))
    assert await sync_to_async(samples.prune)() == 1
    assert await Sample.objects.aget() == kept
