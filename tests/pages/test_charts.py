"""Series as lines and words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sessions_app.pages.charts import drawings, words
from sessions_app.services.monitoring import Chart, History, Kind, Series, Span

START = datetime(2026, 11, 20, tzinfo=UTC)


def drawn(points, *, unit="count", sums_up=False):
    kind = Kind("key", "Title", unit, (), sums_up)
    series = Series("name", tuple(points), (None,) * 12, None)
    return drawings(History(Span.HOUR, START, True, (Chart(kind, (series,)),)))[0]


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("count", None, "–"),
        ("count", 3, "3"),
        ("count", 2.66, "2.7"),
        ("count", 12.4, "12"),
        ("rate", 0.0, "0"),
        ("share", 0.345, "34 %"),
        ("seconds", 0.0042, "4.2 ms"),
        ("seconds", 0.25, "250 ms"),
        ("seconds", 1.5, "1.5 s"),
        ("bytes", 412_000_000, "412 MB"),
        ("bytes", 3_210_000_000, "3.2 GB"),
        ("bytes", 77_000_000_000, "77 GB"),
    ],
)
def test_values_in_words(unit, value, said):
    assert words(unit, value) == said


@pytest.mark.parametrize(
    ("points", "unit", "scale"),
    [
        ([], "count", ("2", "1", "0")),
        ([0.5], "count", ("2", "1", "0")),
        ([7], "count", ("8", "4", "0")),
        ([8], "count", ("8", "4", "0")),
        ([32], "count", ("40", "20", "0")),
        ([101], "rate", ("200", "100", "0")),
        ([0.02], "share", ("100 %", "50 %", "0 %")),
        ([0.062], "seconds", ("80 ms", "40 ms", "0 ms")),
        ([0], "bytes", ("100 MB", "50 MB", "0 MB")),
    ],
)
def test_a_scale_ends_with_a_round_number(points, unit, scale):
    assert drawn(points, unit=unit).scale == scale


def test_a_gap_is_no_line_and_what_stands_alone_is_a_dot():
    found = drawn([0, 1, None, 2, None, None, 1, 2])
    line = found.lines[0]
    assert line.path == "M0 100L1 50M6 50L7 0"
    assert line.dots == "M3 0h0"
    assert found.area == "M0 100L0 100L1 50V100zM6 100L6 50L7 0V100z"
    assert line.values == "0|1|–|2|–|–|1|2"
    assert not found.empty


def test_where_a_point_counts_it_is_said_for_how_long():
    assert drawn([1], sums_up=True).note == "each point 30 seconds"
    assert (drawn([1]).note, drawn([1], unit="seconds", sums_up=True).note) == ("", "")
    assert (drawn([1], sums_up=True).told_of, drawn([1]).told_of) == ("in all", "now")


def test_nothing_to_draw():
    found = drawn([None, None])
    assert found.empty
    assert found.lines[0].path == found.lines[0].dots == found.area == ""
