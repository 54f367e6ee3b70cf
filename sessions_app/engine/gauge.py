"""What a session costs the machine, and what weighs in its tabs; read when asked, and looked at now and then."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sessions_app.engine.errors import EngineError
from sessions_app.engine.measure import Held, held_memory, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessions_app.engine.process import ChromiumProcess
    from sessions_app.engine.tab import Tab

# As many looks as ten minutes have.
KEPT = 60
# A browser that uses less of a core than this does nothing that anybody wants to hear of.
IDLE = 0.02
# A shorter stretch says more of itself than of the browser.
SHORTEST = 1.0
# A tab that hangs, or whose dialog is open, tells nothing.
TAB_LIMIT = 1.0

# Chromium's names, and ours.
_METRICS = {
    "JSHeapUsedSize": "js_heap_used",
    "JSHeapTotalSize": "js_heap_total",
    "Nodes": "dom_nodes",
    "Documents": "documents",
    "Frames": "frames",
    "JSEventListeners": "event_listeners",
    "LayoutCount": "layouts",
    "RecalcStyleCount": "style_recalcs",
    "LayoutDuration": "layout_seconds",
    "RecalcStyleDuration": "style_seconds",
    "ScriptDuration": "script_seconds",
    "TaskDuration": "task_seconds",
}

Metrics = dict[str, float]


class Subject(Protocol):
    """A live session, as far as it is measured."""

    @property
    def cpu_seconds(self) -> float: ...
    @property
    def process(self) -> ChromiumProcess: ...
    @property
    def open_tabs(self) -> Iterable[Tab]: ...
    @property
    def active(self) -> Tab: ...


class Look(NamedTuple):
    """`cpu` counts cores: 1.0 is one of them, all the time. `at` is unix seconds, `memory` bytes."""

    at: float
    cpu: float
    memory: int


@dataclass(frozen=True, kw_only=True)
class TabLoad:
    """`metrics` is None for a tab that does not answer. Those of a process count for all tabs that it draws."""

    id: int
    active: bool
    metrics: Metrics | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    at: float
    cpu: float
    memory: Held
    processes: int
    tabs: tuple[TabLoad, ...]

    @property
    def active(self) -> TabLoad | None:
        return next((tab for tab in self.tabs if tab.active), None)


class Gauge:
    """`look` is for one caller, again and again; `read` for everybody."""

    def __init__(self, subject: Subject, clock: Callable[[], float] = time.monotonic) -> None:
        self._subject = subject
        self._clock = clock
        self._since = (clock(), 0.0)
        self._share = 0.0
        self._was_idle = False
        self.last: Reading | None = None
        self.lately: deque[Look] = deque(maxlen=KEPT)

    def __repr__(self) -> str:
        return f"<Gauge cpu={self._share:.2f} looks={len(self.lately)}>"

    async def read(self) -> Reading:
        """As it is now; the processor's share is that since the last look."""
        return await self._read(self._share_until(*await asyncio.to_thread(self._used)))

    async def look(self) -> Reading | None:
        """None for a browser that idles as it did before: it is asked for nothing more."""
        used = await asyncio.to_thread(self._used)
        self._share, self._since = self._share_until(*used), used
        was_idle, self._was_idle = self._was_idle, self._share < IDLE
        if self.last and was_idle and self._was_idle:
            self._keep(Look(time.time(), self._share, self.last.memory.bytes))
            return None
        self.last = await self._read(self._share)
        self._keep(Look(self.last.at, self.last.cpu, self.last.memory.bytes))
        return self.last

    def _keep(self, look: Look) -> None:
        self.lately.append(look)

    def _share_until(self, now: float, seconds: float) -> float:
        then, before = self._since
        if now - then < SHORTEST and self.lately:
            return self._share
        return round(max(0.0, seconds - before) / max(SHORTEST, now - then), 3)

    def _used(self) -> tuple[float, float]:
        return self._clock(), self._subject.cpu_seconds

    async def _read(self, share: float) -> Reading:
        subject = self._subject
        memory, processes = await asyncio.to_thread(_memory, subject.process.pid)
        async with asyncio.TaskGroup() as group:
            asked = [(tab, group.create_task(_metrics(tab))) for tab in subject.open_tabs]
        return Reading(
            at=time.time(),
            cpu=share,
            memory=memory,
            processes=processes,
            tabs=tuple(
                TabLoad(id=tab.id, active=tab is subject.active, metrics=answer.result())
                for tab, answer in asked
            ),
        )


def _memory(pid: int) -> tuple[Held, int]:
    return held_memory(pid), sum(1 for _ in tree(pid))


async def _metrics(tab: Tab) -> Metrics | None:
    try:
        async with asyncio.timeout(TAB_LIMIT):
            told = await tab.call("Performance.getMetrics")
    except (TimeoutError, EngineError):
        return None
    return _ours(told["metrics"]) or None


def _ours(metrics: list[dict[str, Any]]) -> Metrics:
    known = {one["name"]: one["value"] for one in metrics}
    return {ours: known[theirs] for theirs, ours in _METRICS.items() if theirs in known}
