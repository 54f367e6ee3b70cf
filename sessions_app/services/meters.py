"""What this process counts while it serves; `metrics` puts it beside what it reads off at that moment."""

from __future__ import annotations

import itertools
import time
from collections import deque
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# A moment for each series, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry(auto_describe=False)
CREATE_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
ProcessCollector(registry=REGISTRY)

requests = Counter(
    "quarterdeck_http_requests",
    "Requests answered; 499 is a client that hung up before.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
request_seconds = Histogram(
    "quarterdeck_http_request_seconds",
    "From a request's arrival to the start of its answer.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
problems = Counter(
    "quarterdeck_errors", "Errors answered, by the code that they carry.", ["code"], registry=REGISTRY
)
created_seconds = Histogram(
    "quarterdeck_session_create_seconds",
    "From asking for a browser to its session being running.",
    buckets=CREATE_BOUNDS,
    registry=REGISTRY,
)
create_failures = Counter(
    "quarterdeck_session_create_failures", "Browsers that did not start.", registry=REGISTRY
)
ended = Counter(
    "quarterdeck_sessions_ended", "Sessions that ended in this process.", ["end_reason"], registry=REGISTRY
)
loop_lag = Histogram(
    "quarterdeck_event_loop_lag_seconds",
    "How late the event loop wakes who asked for a moment.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
    registry=REGISTRY,
)
# A page that cannot be opened, and one that took longer than its program gave it.
_PAGES = {"502", "504"}
_BROKEN = {"browser_crashed", "launch_failed", "out_of_memory"}
_rejected = Counter(
    "quarterdeck_sessions_rejected", "Sessions refused because the queue was full.", registry=REGISTRY
)


class Recent:
    """How often something happened in the last `seconds`, kept by the second."""

    def __init__(self, seconds: int) -> None:
        self._counts: deque[list[int]] = deque(maxlen=seconds)

    def add(self, now: float | None = None) -> None:
        second = int(time.monotonic() if now is None else now)
        if self._counts and self._counts[-1][0] == second:
            self._counts[-1][1] += 1
        else:
            self._counts.append([second, 1])

    def count(self, now: float | None = None) -> int:
        since = int(time.monotonic() if now is None else now) - (self._counts.maxlen or 0)
        return sum(count for second, count in self._counts if second > since)


recently_rejected = Recent(300)


def session_rejected() -> None:
    _rejected.inc()
    recently_rejected.add()


def rejected() -> int:
    return _total(_rejected)


def failed_requests() -> int:
    """Answered with what is no client's fault, nor that of the page that it wanted (502, 504)."""
    return _total(
        requests, lambda labels: labels["status"].startswith("5") and labels["status"] not in _PAGES
    )


def broken_sessions() -> int:
    """Whose browser did not start, crashed, or had no memory left."""
    return _total(ended, lambda labels: labels["end_reason"] in _BROKEN)


def creates() -> list[int]:
    """How many sessions took how long to start: between `CREATE_BOUNDS`, and longer."""
    samples = next(iter(created_seconds.collect())).samples
    until = [int(sample.value) for sample in samples if sample.name.endswith("_bucket")]
    return [after - before for before, after in itertools.pairwise([0, *until])]


def _total(counter: Counter, counts: Callable[[dict[str, str]], bool] = lambda _: True) -> int:
    samples = next(iter(counter.collect())).samples
    return int(sum(sample.value for sample in samples if counts(sample.labels)))
