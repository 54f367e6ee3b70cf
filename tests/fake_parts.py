"""What a session without a browser is made of."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sessions_app.engine.control import Control
from sessions_app.engine.gauge import Look, Reading, TabLoad
from sessions_app.engine.measure import Held
from sessions_app.engine.tally import Tally


@dataclass
class FakeUsage:
    pages_visited: int = 1
    actions: int = 0
    frames: int = 0
    bytes_sent: int = 0


@dataclass
class FakeViewer:
    link_id: str | None = None
    key_id: str | None = None
    user_id: str | None = None
    role: str = "view"
    name: str = "Guest"
    closed_with: int | None = None

    @property
    def id(self) -> str:
        return f"v{id(self)}"

    def close(self, code: int) -> None:
        self.closed_with = code


@dataclass
class FakeProcess:
    """By default as alive as the test itself."""

    pid: int = field(default_factory=os.getpid)
    folder: Path = Path("/nonexistent")
    exited: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class FakeCdpClient:
    key_id: str | None = None


@dataclass
class FakeHub:
    viewers: dict[str, FakeViewer] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    last_frame: Any = None


@dataclass
class FakeAudience:
    hub: FakeHub = field(default_factory=FakeHub)
    control: Control = field(default_factory=Control)
    actions: int = 0
    asked_by: tuple[str, ...] = ()


_METRICS = {
    "js_heap_used": 4_200_000,
    "js_heap_total": 8_000_000,
    "dom_nodes": 1_234,
    "documents": 2,
    "frames": 1,
    "event_listeners": 5,
    "layouts": 6,
    "style_recalcs": 7,
    "layout_seconds": 0.01,
    "style_seconds": 0.02,
    "script_seconds": 0.03,
    "task_seconds": 0.04,
}
_READING = Reading(
    at=1_800_000_000.0,
    cpu=0.25,
    memory=Held(120_000_000, "proportional"),
    processes=5,
    tabs=(TabLoad(id=1, active=True, metrics=_METRICS),),
)


@dataclass
class FakeGauge:
    """`reading` is what it reads; a look that finds nothing new is None."""

    reading: Reading = _READING
    last: Reading | None = None
    is_idle: bool = False
    lately: list[Look] = field(default_factory=list)

    async def read(self) -> Reading:
        return self.reading

    async def look(self) -> Reading | None:
        self.last = self.reading
        self.lately.append(Look(self.reading.at, self.reading.cpu, self.reading.memory.bytes))
        return None if self.is_idle else self.reading
