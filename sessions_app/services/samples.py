"""How this server does, written down every 10 seconds: kept an hour, then by the minute for a day, then by 15 for 30."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sessions_app import runtime
from sessions_app.engine import measure
from sessions_app.models import Sample
from sessions_app.services import machine, meters, nodes, pressure
from sessions_app.services.figures import merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessions_app.engine.tally import Tally
    from sessions_app.models import Node
    from sessions_app.services.figures import Figures

EVERY = 10.0
# Seconds of a sample, and how long it is kept; the last stretch more is for the coarser one that is still being made.
KEPT = {
    10: timedelta(hours=1, minutes=1),
    60: timedelta(hours=24, minutes=15),
    900: timedelta(days=30, hours=4),
}
_LADDER = ((10, 60), (60, 900))
# What has gone wrong within this time is news.
LATELY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What only ever grows, and the moments at which it was read."""

    wall: datetime
    at: float
    created: Sequence[int]
    inputs: Sequence[int]
    frames: int
    rejected: int
    failed_requests: int
    broken_sessions: int
    busy: float
    all_cores: float
    browsers: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Levels:
    """What goes up and down."""

    viewers: int
    max_sessions: int
    memory_server: int
    memory_sessions: int
    memory_available: int
    disk_free: int
    disk_total: int


class Sampler:
    """Takes a sample of the time since the one before; `lately` are those of the last minutes, at no query's cost."""

    def __init__(self) -> None:
        self._before: Counts | None = None
        self._rolled_up: datetime | None = None
        self.lately: deque[Figures] = deque(maxlen=int(LATELY.total_seconds() / EVERY))

    def forget(self) -> None:
        """Another engine counts from 0."""
        self._before = self._rolled_up = None
        self.lately.clear()

    async def take(self) -> None:
        """The first time there is no time before."""
        engine = runtime.engine()
        viewers = sum(live.viewer_count for live in engine.sessions)
        counts, levels = await asyncio.to_thread(_read, engine.tally, viewers, engine.config.max_sessions)
        before, self._before = self._before, counts
        if before and counts.at > before.at:
            grown = _between(before, counts)
            self.lately.append(await sync_to_async(self._write)(before.wall, {**grown, **vars(levels)}))

    @transaction.atomic
    def _write(self, began: datetime, figures: Figures) -> Figures:
        node, at = nodes.current(), _floor(began, int(EVERY))
        running, queued = pressure.count()
        figures = {**figures, "running": running, "queued": queued}
        sample = Sample(node=node, at=at, seconds=int(EVERY), values=figures)
        # After the machine's clock went back there is one already.
        Sample.objects.bulk_create([sample], ignore_conflicts=True)
        minute = _floor(timezone.now(), 60)
        if minute != self._rolled_up:
            for fine, coarse in _LADDER:
                _roll_up(node, fine, coarse)
            self._rolled_up = minute
        return figures


sampler = Sampler()


def prune() -> int:
    """Removes what has become part of coarser samples, of every server."""
    now = timezone.now()
    return sum(
        Sample.objects.filter(seconds=seconds, at__lt=now - kept).delete()[0]
        for seconds, kept in KEPT.items()
    )


def _read(tally: Tally, viewers: int, max_sessions: int) -> tuple[Counts, Levels]:
    busy, all_cores = measure.machine_times()
    memory, disk = machine.memory(), shutil.disk_usage(settings.QUARTERDECK_DATA)
    counts = Counts(
        wall=timezone.now(),
        at=time.monotonic(),
        created=meters.creates(),
        inputs=tally.inputs.counts,
        frames=tally.frames,
        rejected=meters.rejected(),
        failed_requests=meters.failed_requests(),
        broken_sessions=meters.broken_sessions(),
        busy=busy,
        all_cores=all_cores,
        browsers={session_id: use.cpu_seconds for session_id, use in machine.uses().items()},
    )
    levels = Levels(
        viewers=viewers,
        max_sessions=max_sessions,
        memory_server=measure.resident_bytes(os.getpid()),
        memory_sessions=memory.used_by_sessions,
        memory_available=memory.available,
        disk_free=disk.free,
        disk_total=disk.total,
    )
    return counts, levels


def _between(before: Counts, after: Counts) -> Figures:
    cores = max(0.01, after.all_cores - before.all_cores)
    used = (max(0.0, cpu - before.browsers.get(one, 0.0)) for one, cpu in after.browsers.items())
    created = _grown(before.created, after.created)
    return {
        "seconds": round(after.at - before.at, 3),
        "created": sum(created),
        "create": created,
        "input": _grown(before.inputs, after.inputs),
        "frames": after.frames - before.frames,
        "rejected": after.rejected - before.rejected,
        "failed_requests": after.failed_requests - before.failed_requests,
        "broken_sessions": after.broken_sessions - before.broken_sessions,
        "cpu": round(min(1.0, max(0.0, (after.busy - before.busy) / cores)), 4),
        "cpu_sessions": round(min(1.0, sum(used) / cores), 4),
    }


def _grown(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Empty when nothing happened, which is most of the time."""
    grown = [now - then for then, now in zip(before, after, strict=True)]
    return grown if any(grown) else []


def _roll_up(node: Node, fine: int, coarse: int) -> None:
    """Makes the coarser samples whose time is over and that are not made yet; also those that an earlier start left."""
    of_node, now = Sample.objects.filter(node=node), timezone.now()
    last = of_node.filter(seconds=coarse).aggregate(at=Max("at"))["at"]
    since = last + timedelta(seconds=coarse) if last else now - KEPT[fine]
    until = _floor(now, coarse)
    if since >= until:
        return
    parts: dict[datetime, list[Figures]] = defaultdict(list)
    rows = of_node.filter(seconds=fine, at__gte=_floor(since, coarse), at__lt=until)
    for at, figures in rows.values_list("at", "values"):
        parts[_floor(at, coarse)].append(figures)
    made = [Sample(node=node, at=at, seconds=coarse, values=merge(figures)) for at, figures in parts.items()]
    Sample.objects.bulk_create(made, ignore_conflicts=True)


def _floor(at: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
