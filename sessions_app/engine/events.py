"""What the engine tells its host."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder

Crash = Literal["browser_crashed", "out_of_memory"]
Deadline = Literal["idle_timeout", "max_lifetime"]
NoteKind = Literal["console", "network", "download", "error"]


@dataclass(frozen=True, kw_only=True)
class EngineEvent:
    session_id: str
    # Unix seconds.
    at: float = field(default_factory=time.time, compare=False)


@dataclass(frozen=True, kw_only=True)
class BrowserGone(EngineEvent):
    reason: Crash
    detail: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(EngineEvent):
    reason: Deadline


@dataclass(frozen=True, kw_only=True)
class ReleaseAsked(EngineEvent):
    """A DevTools client closed the browser, and in this session that is meant."""


@dataclass(frozen=True, kw_only=True)
class TabOpened(EngineEvent):
    tab: int
    url: str


@dataclass(frozen=True, kw_only=True)
class TabClosed(EngineEvent):
    tab: int


@dataclass(frozen=True, kw_only=True)
class TabCrashed(EngineEvent):
    tab: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Navigated(EngineEvent):
    tab: int
    url: str


@dataclass(frozen=True, kw_only=True)
class DialogOpened(EngineEvent):
    tab: int
    kind: str
    message: str


@dataclass(frozen=True, kw_only=True)
class DialogClosed(EngineEvent):
    """`by` is None when no viewer answered it, but a program, or a page that went away."""

    tab: int
    kind: str
    accepted: bool
    text: str
    by: str | None


@dataclass(frozen=True, kw_only=True)
class Noted(EngineEvent):
    """What a page said, asked for, broke or downloaded; `data` is plain and bounded."""

    kind: NoteKind
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ControlChanged(EngineEvent):
    holder: Holder | None
    previous: Holder | None


@dataclass(frozen=True, kw_only=True)
class ViewerJoined(EngineEvent):
    viewer_id: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ViewerLeft(EngineEvent):
    viewer_id: str
    name: str
    role: str
