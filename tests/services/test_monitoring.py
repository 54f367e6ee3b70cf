"""How the server did over an hour, a day, a month."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import Node
from sessions_app.services import monitoring, nodes, samples
from sessions_app.services.monitoring import Span
from tests.measuring import figures, put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now_is():
    """The newest sample says so."""

    def say(**changes):
        samples.sampler.lately.append(figures(**changes))

    yield say
    samples.sampler.forget()


def series(history, chart, name):
    found = next(each for each in history.charts if each.kind.key == chart)
    return next(each for each in found.series if each.name == name)


async def test_nothing_yet(engine, viewer):
    history = await monitoring.history(viewer, Span.HOUR)
    assert not history.measured
    assert set(series(history, "sessions", "running").points) == {None}
    assert series(history, "sessions", "running").told is None


@pytest.mark.parametrize(
    ("span", "points", "rows"), [(Span.HOUR, 120, 12), (Span.DAY, 144, 12), (Span.MONTH, 180, 10)]
)
async def test_points_and_rows_cover_the_time_to_this_moment(engine, viewer, span, points, rows):
    before = timezone.now()
    history = await monitoring.history(viewer, span)
    running = series(history, "sessions", "running")
    assert (len(running.points), len(running.rows)) == (points, rows)
    end = history.start + timedelta(seconds=span.step * points)
    assert before <= end <= timezone.now() + timedelta(seconds=span.step)


@pytest.mark.parametrize("span", Span)
async def test_a_sample_stands_in_its_place(engine, viewer, span):
    start = (await monitoring.history(viewer, span)).start
    at = start + timedelta(seconds=span.step * 7)
    await put(span.sample, at, running=4)
    await put(span.sample, at + timedelta(seconds=span.sample), running=6)
    await put(span.sample, start - timedelta(seconds=1), running=100)
    history = await monitoring.history(viewer, span)
    running = series(history, "sessions", "running")
    shift = round((history.start - start).total_seconds()) // span.step
    assert history.measured
    assert {x: value for x, value in enumerate(running.points) if value is not None} == {7 - shift: 5}
    assert sum(value is not None for value in running.rows) == 1


async def test_what_is_told_is_of_now_or_of_all(engine, viewer, now_is):
    at = timezone.now() - timedelta(minutes=30)
    await put(10, at, running=7, created=2, create=[0, 2] + [0] * 10, rejected=1, frames=600)
    await put(10, at + timedelta(minutes=5), created=3)
    now_is(running=1, created=9, frames=100)
    history = await monitoring.history(viewer, Span.HOUR)
    assert series(history, "sessions", "running").told == 1
    assert series(history, "frames", "all sessions").told == 10
    assert 60 in series(history, "frames", "all sessions").points
    assert series(history, "starts", "started").told == 5
    assert series(history, "starts", "refused").told == 1
    assert series(history, "create", "half within").told == pytest.approx(0.0175)
    assert series(history, "input", "half within").told is None


async def test_something_new_is_shown_at_once(engine, viewer):
    at = timezone.now() - timedelta(minutes=30)
    await put(10, at, viewers=1)
    assert 1 in series(await monitoring.history(viewer, Span.HOUR), "viewers", "watching").points
    await put(10, at + timedelta(minutes=10), viewers=2)
    assert 2 in series(await monitoring.history(viewer, Span.HOUR), "viewers", "watching").points


async def test_another_servers_figures_are_its_own(engine, viewer):
    other = await Node.objects.acreate(
        name="other", started_at=timezone.now(), lease_until=timezone.now() + nodes.LEASE
    )
    await put(10, timezone.now() - timedelta(minutes=30), node=other)
    assert not (await monitoring.history(viewer, Span.HOUR)).measured
