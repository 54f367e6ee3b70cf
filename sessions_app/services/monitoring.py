"""How this server did, for people: series over a time, and what somebody should look after now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Literal

from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app.models import Sample
from sessions_app.services import nodes
from sessions_app.services.actors import Right
from sessions_app.services.figures import merge, percentile
from sessions_app.services.samples import sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sessions_app.services.actors import Actor
    from sessions_app.services.figures import Figures

    Read = Callable[[Figures], float | None]

Unit = Literal["count", "rate", "seconds", "share", "bytes"]


class Span(Enum):
    """How far back: seconds of all, of the samples that it is read from, of a point, of a row of the table."""

    HOUR = ("1h", 3600, 10, 30, 300)
    DAY = ("24h", 86400, 60, 600, 7200)
    MONTH = ("30d", 30 * 86400, 900, 14400, 3 * 86400)

    def __init__(self, key: str, seconds: int, sample: int, step: int, row: int) -> None:
        self.key, self.seconds, self.sample, self.step, self.row = key, seconds, sample, step, row

    @classmethod
    def of(cls, key: str) -> Span:
        return next((span for span in cls if span.key == key), cls.HOUR)


@dataclass(frozen=True)
class Kind:
    """`sums_up`: one asks for the whole time's, and not for how it stands now."""

    key: str
    title: str
    unit: Unit
    series: tuple[tuple[str, Read], ...]
    sums_up: bool = False


@dataclass(frozen=True)
class Series:
    """None where nothing was measured, or nothing happened that could be; `told` is of now, or of the whole time."""

    name: str
    points: tuple[float | None, ...]
    rows: tuple[float | None, ...]
    told: float | None


@dataclass(frozen=True)
class Chart:
    kind: Kind
    series: tuple[Series, ...]


@dataclass(frozen=True)
class History:
    """Points and rows are `span.step` and `span.row` seconds each, the first from `start` on."""

    span: Span
    start: datetime
    measured: bool
    charts: tuple[Chart, ...]


def _mean(name: str) -> Read:
    return lambda figures: figures[name]


def _rate(figures: Figures) -> float | None:
    return figures["frames"] / figures["seconds"] if figures["seconds"] else None


def _share(name: str, share: float) -> Read:
    return partial(percentile, name=name, share=share)


KINDS = (
    Kind("sessions", "Sessions", "count", (("running", _mean("running")), ("queued", _mean("queued")))),
    Kind(
        "starts", "Started and refused", "count",
        (("started", _mean("created")), ("refused", _mean("rejected"))), sums_up=True,
    ),
    Kind(
        "create", "Time to start", "seconds",
        (("half within", _share("create", 0.5)), ("95 % within", _share("create", 0.95))), sums_up=True,
    ),
    Kind(
        "input", "Input latency", "seconds",
        (("half within", _share("input", 0.5)), ("95 % within", _share("input", 0.95))), sums_up=True,
    ),
    Kind("frames", "Frames a second", "rate", (("all sessions", _rate),)),
    Kind("viewers", "Viewers", "count", (("watching", _mean("viewers")),)),
    Kind("cpu", "Processor", "share", (("machine", _mean("cpu")), ("sessions", _mean("cpu_sessions")))),
    Kind(
        "memory", "Memory", "bytes",
        (("available", _mean("memory_available")), ("sessions", _mean("memory_sessions")), ("server", _mean("memory_server"))),
    ),
    Kind("disk", "Disk", "bytes", (("free for the data folder", _mean("disk_free")),)),
    Kind(
        "errors", "Errors", "count",
        (("failed requests", _mean("failed_requests")), ("broken sessions", _mean("broken_sessions"))), sums_up=True,
    ),
)  # fmt: skip


async def history(actor: Actor, span: Span) -> History:
    """Of this server, all projects together."""
    actor.require(Right.SEE)
    return await sync_to_async(_history)(span)


def _history(span: Span) -> History:
    found = _parts(span)
    in_row = span.row // span.step
    rows = [_merged(found.points[first : first + in_row]) for first in range(0, len(found.points), in_row)]
    whole, now = _merged(rows), sampler.lately[-1] if sampler.lately else None

    def series(kind: Kind, name: str, read: Read) -> Series:
        told = whole if kind.sums_up else now
        return Series(name, _each(read, found.points), _each(read, rows), read(told) if told else None)

    charts = tuple(Chart(kind, tuple(series(kind, *each) for each in kind.series)) for kind in KINDS)
    return History(span, found.start, whole is not None, charts)


@dataclass(frozen=True)
class _Parts:
    of: tuple[int | None, int]
    start: datetime
    points: tuple[Figures | None, ...]


_remembered: dict[Span, _Parts] = {}


def _parts(span: Span) -> _Parts:
    """Read anew when there is something new, or time has moved on by a point."""
    rows = Sample.objects.filter(node=nodes.current(), seconds=span.sample)
    newest = rows.order_by("-at").values_list("pk", flat=True).first()
    end = (int(timezone.now().timestamp()) // span.step + 1) * span.step
    known = _remembered.get(span)
    if known is None or known.of != (newest, end):
        start = datetime.fromtimestamp(end - span.seconds, UTC)
        found = rows.filter(at__gte=start, at__lt=start + timedelta(seconds=span.seconds))
        samples = found.values_list("at", "values")
        known = _remembered[span] = _Parts((newest, end), start, _points(span, start, samples))
    return known


def _points(
    span: Span, start: datetime, samples: Iterable[tuple[datetime, Figures]]
) -> tuple[Figures | None, ...]:
    parts: list[list[Figures]] = [[] for _ in range(span.seconds // span.step)]
    for at, figures in samples:
        parts[int((at - start).total_seconds()) // span.step].append(figures)
    return tuple(map(merge, parts))


def _merged(parts: Sequence[Figures | None]) -> Figures | None:
    return merge([part for part in parts if part])


def _each(read: Read, parts: Sequence[Figures | None]) -> tuple[float | None, ...]:
    return tuple(read(part) if part else None for part in parts)
