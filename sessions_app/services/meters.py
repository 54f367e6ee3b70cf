"""What this process counts while it serves; `metrics` puts it beside what it reads off at that moment."""

from __future__ import annotations

import time
from collections import deque

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# A moment for each series, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry(auto_describe=False)
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
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
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
