"""Series as lines to draw and words to read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sessions_app.services.monitoring import Chart, History, Series, Unit

# The drawing's own units; a point is one wide, and what holds it stretches it.
HEIGHT = 100
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_ABOUT = {"1h": "the last hour", "24h": "the last 24 hours", "30d": "the last 30 days"}
_TICKS = {
    "1h": ("60 min ago", "45", "30", "15", "now"),
    "24h": ("24 h ago", "18", "12", "6", "now"),
    "30d": ("30 d ago", "20", "10", "now"),
}
_LASTS = {30: "30 seconds", 600: "10 minutes", 14400: "4 hours"}


@dataclass(frozen=True)
class Line:
    name: str
    told: str
    path: str
    # What stands alone, as a line would not show it.
    dots: str
    # What the line stands for at each point, in words.
    values: str


@dataclass(frozen=True)
class Drawing:
    key: str
    title: str
    note: str
    about: str
    told_of: str
    scale: tuple[str, ...]
    lines: tuple[Line, ...]
    area: str
    right: int
    empty: bool
    rows: tuple[tuple[datetime, tuple[str, ...]], ...]

    @property
    def ticks(self) -> tuple[str, ...]:
        return _TICKS[self.about]

    @property
    def span(self) -> str:
        return _ABOUT[self.about]


def drawings(history: History) -> list[Drawing]:
    return [_drawing(history, chart) for chart in history.charts]


def _drawing(history: History, chart: Chart) -> Drawing:
    unit, span = chart.kind.unit, history.span
    known = [value for each in chart.series for value in each.points if value is not None]
    top = 1.0 if unit == "share" else _ceiling(max(known, default=0), unit)
    starts = (history.start + timedelta(seconds=span.row * row) for row in range(span.seconds // span.row))
    columns = zip(*(each.rows for each in chart.series), strict=True)
    return Drawing(
        key=chart.kind.key,
        title=chart.kind.title,
        note=f"each point {_LASTS[span.step]}" if chart.kind.sums_up and unit == "count" else "",
        about=span.key,
        told_of="in all" if chart.kind.sums_up else "now",
        scale=tuple(words(unit, top * part) for part in (1, 0.5, 0)),
        lines=tuple(_line(unit, each, top) for each in chart.series),
        area="" if chart.kind.sums_up else _area(chart.series[0].points, top),
        right=span.seconds // span.step - 1,
        empty=not known,
        rows=tuple(
            (at, tuple(words(unit, value) for value in row)) for at, row in zip(starts, columns, strict=True)
        ),
    )


def _line(unit: Unit, series: Series, top: float) -> Line:
    runs = list(_runs(series.points, top))
    return Line(
        name=series.name,
        told=words(unit, series.told),
        path="".join(f"M{_drawn(run)}" for run in runs if len(run) > 1),
        dots="".join(f"M{_drawn(run)}h0" for run in runs if len(run) == 1),
        values="|".join(words(unit, value) for value in series.points),
    )


def _area(points: Sequence[float | None], top: float) -> str:
    return "".join(
        f"M{run[0][0]} {HEIGHT}L{_drawn(run)}V{HEIGHT}z" for run in _runs(points, top) if len(run) > 1
    )


def _drawn(run: Sequence[tuple[int, float]]) -> str:
    return "L".join(f"{x} {y:g}" for x, y in run)


def _runs(points: Sequence[float | None], top: float) -> Iterator[list[tuple[int, float]]]:
    """What was measured without a gap."""
    for there, run in groupby(enumerate(points), key=lambda point: point[1] is not None):
        if there:
            yield [(x, round(HEIGHT - (value or 0) / top * HEIGHT, 1)) for x, value in run]


def _ceiling(value: float, unit: Unit) -> float:
    """A round number that is not less; half of a few sessions is no number of sessions."""
    least = {"count": 2.0, "rate": 10.0, "bytes": 1e8}.get(unit, 0.01)
    if value <= least:
        return least
    ten = 10.0 ** math.floor(math.log10(value))
    return next(step * ten for step in _STEPS if step * ten >= value * (1 - 1e-9))


def words(unit: Unit, value: float | None) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return f"{value * 100:.0f} %"
    if unit == "seconds":
        return f"{_short(value)} s" if value >= 1 else f"{_short(value * 1000)} ms"
    if unit == "bytes":
        return f"{_short(value / 1e9)} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"
    return _short(value)


def _short(value: float) -> str:
    """Two figures that matter, and all before the point."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
