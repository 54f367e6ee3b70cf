"""What a sample holds, and how samples of a longer time become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions_app.engine.tally import BOUNDS
from sessions_app.services.meters import CREATE_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

Figures = dict[str, Any]

# Over its time; bytes, and shares of the machine from 0 to 1.
MEANS = (
    "running",
    "queued",
    "max_sessions",
    "viewers",
    "cpu",
    "cpu_sessions",
    "memory_server",
    "memory_sessions",
    "memory_available",
    "disk_free",
    "disk_total",
)
# `seconds` is the time that was measured, which a restart makes less than the sample's own.
SUMS = ("seconds", "created", "rejected", "frames", "failed_requests", "broken_sessions")
# How often something took how long: percentiles of a long time cannot be had from those of its parts.
SPREADS = {"create": CREATE_BOUNDS, "input": BOUNDS}


def merge(samples: Sequence[Figures]) -> Figures | None:
    """None of none."""
    if len(samples) <= 1:
        return samples[0] if samples else None
    total = sum(sample["seconds"] for sample in samples) or 1.0
    return {
        **{name: sum(one[name] * one["seconds"] for one in samples) / total for name in MEANS},
        **{name: sum(one[name] for one in samples) for name in SUMS},
        **{name: _added([one[name] for one in samples]) for name in SPREADS},
    }


def percentile(figures: Figures, name: str, share: float) -> float | None:
    """Seconds, as if values lay evenly between their bounds; what is beyond the last bound counts as that."""
    counts: list[int] = figures[name]
    bounds = SPREADS[name]
    rank = share * sum(counts)
    passed, lower = 0, 0.0
    for count, upper in zip(counts, (*bounds, bounds[-1]), strict=False):
        if count and passed + count >= rank:
            return lower + (upper - lower) * (rank - passed) / count
        passed, lower = passed + count, upper
    return None


def _added(spreads: Sequence[list[int]]) -> list[int]:
    """An empty one stands for zeros."""
    return [sum(counts) for counts in zip(*(one for one in spreads if one), strict=True)]
