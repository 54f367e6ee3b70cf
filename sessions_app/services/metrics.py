"""The server in Prometheus's form: what it counted, and what is read off its rows and browsers at that moment."""

from __future__ import annotations

import asyncio
import itertools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from sessions_app import runtime
from sessions_app.engine.tally import BOUNDS
from sessions_app.models import Session, SessionStatus
from sessions_app.services import machine, meters, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from sessions_app.engine.tally import Spread, Tally

logger = logging.getLogger(__name__)

DATABASE_LIMIT = 5.0
# (status, end_reason) and how many
Counts = dict[tuple[str, str], int]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`rows` is None when the database does not answer: the rest is told all the same."""

    rows: Counts | None
    tally: Tally
    viewers: int
    max_sessions: int


async def render() -> bytes:
    engine = runtime.engine()
    reading = Reading(
        rows=await _rows(),
        tally=engine.tally,
        viewers=sum(live.viewer_count for live in engine.sessions),
        max_sessions=engine.config.max_sessions,
    )
    return await asyncio.to_thread(_render, reading)


async def _rows() -> Counts | None:
    try:
        async with asyncio.timeout(DATABASE_LIMIT):
            return await sync_to_async(_count)()
    except (DatabaseError, TimeoutError):
        logger.exception("The sessions could not be counted.")
        return None


def _count() -> Counts:
    rows = Session.objects.filter(node=nodes.current()).values_list("status", "end_reason")
    return {(status, reason): count for status, reason, count in rows.annotate(Count("pk")).order_by()}


def _render(reading: Reading) -> bytes:
    now = CollectorRegistry(auto_describe=False)
    now.register(_ReadOff(reading))
    return generate_latest(meters.REGISTRY) + generate_latest(now)


class _ReadOff:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[Metric]:
        yield from _of_rows(self._reading.rows)
        yield _gauge("quarterdeck_max_sessions", "Sessions at a time.", self._reading.max_sessions)
        yield from _of_views(self._reading.tally, self._reading.viewers)
        yield from _of_browsers()


def _of_rows(rows: Counts | None) -> Iterator[Metric]:
    yield _gauge("quarterdeck_database_up", "Whether the database answered.", rows is not None)
    if rows is None:
        return
    sessions = GaugeMetricFamily(
        "quarterdeck_sessions",
        "Sessions of this server that are remembered, by status and reason of their end.",
        labels=["status", "end_reason"],
    )
    missing = {(status.value, "") for status in SessionStatus if not status.has_ended} - rows.keys()
    for labels, count in {**dict.fromkeys(missing, 0), **rows}.items():
        sessions.add_metric(labels, count)
    yield sessions
    queued = sum(count for (status, _), count in rows.items() if status == SessionStatus.QUEUED)
    yield _gauge("quarterdeck_queue_length", "Sessions that wait for their turn.", queued)


def _of_views(tally: Tally, viewers: int) -> Iterator[Metric]:
    yield _gauge("quarterdeck_viewers", "Viewers attached now.", viewers)
    yield _counter("quarterdeck_viewers_joined", "Viewers that were attached.", tally.viewers)
    yield _counter("quarterdeck_frames", "Frames that browsers painted for viewers.", tally.frames)
    yield _counter("quarterdeck_frames_sent", "Frames sent, to each viewer one.", tally.frames_sent)
    yield _counter(
        "quarterdeck_frames_dropped", "Frames that a newer one replaced before they were sent.", tally.dropped
    )
    yield _counter("quarterdeck_frames_acked", "Frames that viewers acknowledged.", tally.round_trips.count)
    yield _counter("quarterdeck_bytes_sent", "Bytes of the frames sent.", tally.bytes_sent)
    yield _histogram(
        "quarterdeck_viewer_round_trip_seconds",
        "From sending a frame to the viewer's word that it is drawn.",
        tally.round_trips,
    )
    yield _histogram(
        "quarterdeck_input_latency_seconds",
        "From a viewer's input to the browser having taken it.",
        tally.inputs,
    )


def _of_browsers() -> Iterator[Metric]:
    cpu = CounterMetricFamily(
        "quarterdeck_session_cpu_seconds", "Processor time of a live session's browser.", labels=["session"]
    )
    memory = GaugeMetricFamily(
        "quarterdeck_session_memory_bytes",
        "Memory that a live session's browser holds for itself.",
        labels=["session"],
    )
    for session_id, use in machine.uses().items():
        cpu.add_metric([session_id], use.cpu_seconds)
        memory.add_metric([session_id], use.memory_bytes)
    yield cpu
    yield memory


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)


def _histogram(name: str, words: str, spread: Spread) -> Metric:
    family = HistogramMetricFamily(name, words)
    ends = (*map(str, BOUNDS), "+Inf")
    buckets = list(zip(ends, itertools.accumulate(spread.counts), strict=True))
    family.add_metric([], buckets, sum_value=spread.seconds)
    return family
