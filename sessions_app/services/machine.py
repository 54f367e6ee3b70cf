"""What this server's machine and sessions use right now; measured in a thread, and remembered for a moment."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.engine import measure
from sessions_app.services import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.engine.session import LiveSession

# A shorter stretch says more of itself than of the machine.
_STRETCH = 0.5
_REMEMBERED = 1.0


@dataclass(frozen=True, kw_only=True)
class SessionUse:
    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes; `used_by_sessions` counts what their browsers hold for themselves, not what they share."""

    total: int
    available: int
    used_by_sessions: int


class Processor:
    """How busy the machine is, from 0 to 1: over the stretch between the last two looks that were not too close."""

    def __init__(self) -> None:
        self._at = time.monotonic()
        self._times = measure.machine_times()
        self._busy: float | None = None

    def look(self) -> float:
        now, times = time.monotonic(), measure.machine_times()
        if self._busy is None or now - self._at >= _STRETCH:
            busy, total = (after - before for after, before in zip(times, self._times, strict=True))
            self._at, self._times = now, times
            self._busy = min(1.0, max(0.0, busy / total)) if total > 0 else self._busy or 0.0
        return round(self._busy, 3)


processor = Processor()


def memory() -> Memory:
    total, available = measure.machine_memory()
    used = sum(use.memory_bytes for use in uses().values())
    return Memory(total=total, available=available, used_by_sessions=used)


def load() -> tuple[float, float, float]:
    """Of the last 1, 5 and 15 minutes."""
    one, five, fifteen = os.getloadavg()
    return round(one, 2), round(five, 2), round(fifteen, 2)


def uses() -> Mapping[str, SessionUse]:
    """By session. The kernel is asked about every process of every browser, so not more often than once a second."""
    live = lookup.all_live()
    asked = tuple((one.id, one.process.pid) for one in live)
    # One asks, and who comes meanwhile waits for what it finds.
    with _asking:
        if asked != _last.asked or time.monotonic() - _last.at >= _REMEMBERED:
            found = {one.id: _use(one) for one in live}
            _last.asked, _last.at, _last.uses = asked, time.monotonic(), found
    return _last.uses


class _Last:
    asked: tuple[tuple[str, int], ...] = ()
    at = 0.0
    uses: Mapping[str, SessionUse] = {}


_last = _Last()
_asking = threading.Lock()


def _use(live: LiveSession) -> SessionUse:
    return SessionUse(cpu_seconds=live.cpu_seconds, memory_bytes=measure.memory_bytes(live.process.pid))
