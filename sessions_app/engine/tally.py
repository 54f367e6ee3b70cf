"""What sessions count: plain numbers that are cheap to add to and can be added up."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

# Seconds; what is longer than the last falls into one more.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Spread:
    """How long something took, each time: counts between `BOUNDS`, and their sum."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def __repr__(self) -> str:
        return f"<Spread count={self.count} seconds={self.seconds:.3f}>"

    @property
    def count(self) -> int:
        return sum(self.counts)

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    def include(self, other: Spread) -> None:
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.seconds += other.seconds


@dataclass(kw_only=True)
class Tally:
    """Of one session, or of many; `round_trips` has one for each frame that a viewer acknowledged."""

    frames: int = 0
    frames_sent: int = 0
    bytes_sent: int = 0
    dropped: int = 0
    viewers: int = 0
    round_trips: Spread = field(default_factory=Spread)
    inputs: Spread = field(default_factory=Spread)

    def include(self, other: Tally) -> None:
        self.frames += other.frames
        self.frames_sent += other.frames_sent
        self.bytes_sent += other.bytes_sent
        self.dropped += other.dropped
        self.viewers += other.viewers
        self.round_trips.include(other.round_trips)
        self.inputs.include(other.inputs)
