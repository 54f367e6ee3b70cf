"""What the engine tells its host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder

Crash = Literal["browser_crashed", "out_of_memory"]
Deadline = Literal["idle_timeout", "max_lifetime"]


@dataclass(frozen=True, kw_only=True)
class EngineEvent:
    session_id: str


@dataclass(frozen=True, kw_only=True)
class BrowserGone(EngineEvent):
    reason: Crash
    detail: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(EngineEvent):
    reason: Deadline


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
