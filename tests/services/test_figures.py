"""Samples become one sample of a longer time."""

from __future__ import annotations

import pytest

from sessions_app.services.figures import MEANS, SPREADS, SUMS, merge, percentile
from tests.measuring import figures


def merged(*samples):
    found = merge(samples)
    assert found
    return found


def test_every_figure_is_merged():
    assert set(MEANS) | set(SUMS) | set(SPREADS) == set(figures())
    assert set(merged(figures(), figures())) == set(figures())


def test_none_and_one():
    assert merge([]) is None
    assert merge([figures(running=3)]) == figures(running=3)


def test_means_weigh_by_time_and_counts_add_up():
    found = merged(figures(running=4, frames=3), figures(running=1, frames=4, seconds=20))
    assert (found["running"], found["frames"], found["seconds"]) == (2, 7, 30)


def test_spreads_add_up_where_there_are_any():
    some = [0, 2] + [0] * 10
    found = merged(figures(input=some), figures(), figures(input=some))
    assert found["input"] == [0, 4] + [0] * 10
    assert found["create"] == []


@pytest.mark.parametrize(
    ("counts", "share", "seconds"),
    [
        ([], 0.5, None),
        ([4] + [0] * 11, 0.5, 0.0005),
        ([0, 4] + [0] * 10, 0.5, 0.00175),
        ([0, 4] + [0] * 10, 1.0, 0.0025),
        ([2, 0, 2] + [0] * 9, 0.5, 0.001),
        ([2, 0, 2] + [0] * 9, 0.75, 0.00375),
        ([0] * 11 + [3], 0.95, 2.5),
    ],
)
def test_percentiles(counts, share, seconds):
    assert percentile(figures(input=counts), "input", share) == (
        seconds if seconds is None else pytest.approx(seconds)
    )
