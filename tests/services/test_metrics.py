"""What Prometheus reads: from rows, browsers and what was counted meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sessions_app.engine.tally import Tally
from sessions_app.services import meters, metrics, pulse, sessions
from tests.outage import no_database
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


async def read():
    """Every sample by its name and labels, as Prometheus would parse it."""
    text = (await metrics.render()).decode()
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_sessions_by_status_and_reason(start, operator):
    await start()
    gone = await start()
    await sessions.release(operator, gone.id)
    found = await read()
    of = {
        (labels["status"], labels["end_reason"]): value
        for (name, *pairs), value in found.items()
        if name == "quarterdeck_sessions" and (labels := dict(pairs))
    }
    assert of == {
        ("queued", ""): 0, ("starting", ""): 0, ("running", ""): 1, ("releasing", ""): 0,
        ("released", "released"): 1,
    }  # fmt: skip
    assert found["quarterdeck_queue_length",] == 0
    assert found["quarterdeck_max_sessions",] == 32
    assert found["quarterdeck_database_up",] == 1


async def test_starts_and_ends_are_counted(start, operator, engine):
    before = await read()
    gone = await start()
    await sessions.release(operator, gone.id)
    engine.failure = "no"
    with pytest.raises(Exception, match="no"):
        await start()
    after = await read()

    def grew(*key):
        return after[key] - before.get(key, 0)

    assert grew("quarterdeck_session_create_seconds_count") == 1
    assert grew("quarterdeck_session_create_failures_total") == 1
    assert grew("quarterdeck_sessions_ended_total", ("end_reason", "released")) == 1
    assert grew("quarterdeck_sessions_ended_total", ("end_reason", "launch_failed")) == 1


async def test_views_are_told_as_the_engine_counts_them(start, engine):
    hub = engine.find((await start()).id).audience.hub
    hub.tally = Tally(frames=100, frames_sent=80, bytes_sent=4096, dropped=20, viewers=3)
    for seconds in (0.004, 0.004, 0.3, 9):
        hub.tally.round_trips.add(seconds)
    hub.tally.inputs.add(0.002)
    found = await read()
    assert found["quarterdeck_frames_total",] == 100
    assert found["quarterdeck_frames_sent_total",] == 80
    assert found["quarterdeck_frames_dropped_total",] == 20
    assert found["quarterdeck_frames_acked_total",] == 4
    assert found["quarterdeck_bytes_sent_total",] == 4096
    assert found["quarterdeck_viewers_joined_total",] == 3
    trips = "quarterdeck_viewer_round_trip_seconds"
    assert found[f"{trips}_bucket", ("le", "0.0025")] == 0
    assert found[f"{trips}_bucket", ("le", "0.005")] == 2
    assert found[f"{trips}_bucket", ("le", "0.5")] == 3
    assert found[f"{trips}_bucket", ("le", "+Inf")] == 4
    assert found[f"{trips}_count",] == 4
    assert found[f"{trips}_sum",] == pytest.approx(9.308)
    assert found["quarterdeck_input_latency_seconds_count",] == 1


async def test_each_browsers_use(start, operator):
    session = await start()
    label = ("session", session.id)
    found = await read()
    assert found["quarterdeck_session_cpu_seconds_total", label] == 0.5
    assert found["quarterdeck_session_memory_bytes", label] > 1 << 20
    await sessions.release(operator, session.id)
    assert ("quarterdeck_session_memory_bytes", label) not in await read()


async def test_the_server_itself(engine):
    found = await read()
    assert found["process_cpu_seconds_total",] > 0
    assert found["process_open_fds",] > 0


async def test_without_the_database_the_rest_is_told(engine):
    async with no_database():
        found = await read()
    assert found["quarterdeck_database_up",] == 0
    assert found["quarterdeck_max_sessions",] == 32
    assert not [key for key in found if key[0] == "quarterdeck_sessions"]


async def test_the_loops_lag_is_watched():
    def beats():
        return next(
            sample.value
            for family in meters.loop_lag.collect()
            for sample in family.samples
            if sample.name.endswith("_count")
        )

    before = beats()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(pulse.run())
        await until(lambda: beats() > before)
        task.cancel()
