"""The shapes of what is known of a session's requests and of what it uses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from sessions_app.api.schemas import Answer


class HarQuery(BaseModel):
    """`request` is the name that a `network` entry of the timeline gives."""

    secrets: bool = False
    request: Annotated[str, Field(max_length=64)] = ""


class MetricsOut(Answer):
    """Of the process that draws the tab; seconds and counts since the tab was opened, or its process began."""

    js_heap_used: int
    js_heap_total: int
    dom_nodes: int
    documents: int
    frames: int
    event_listeners: int
    layouts: int
    style_recalcs: int
    layout_seconds: float
    style_seconds: float
    script_seconds: float
    task_seconds: float


class TabLoadOut(Answer):
    """`metrics` is null for a tab that does not answer: it hangs, has crashed or waits for a dialog."""

    id: int
    active: bool
    metrics: MetricsOut | None


class MomentOut(Answer):
    at: datetime
    cpu: float
    memory: int


class PerformanceOut(Answer):
    """`cpu` counts cores, `memory` bytes; where the kernel does not tell shared memory, it is left out (`unshared`)."""

    at: datetime
    cpu: float
    memory: int
    memory_measure: Literal["proportional", "unshared"]
    processes: int
    tabs: list[TabLoadOut]
    lately: list[MomentOut]
