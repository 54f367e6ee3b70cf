"""What the engine reports becomes rows: the end of a session, or an entry in its events."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import IntegrityError

from sessions_app.engine.events import (
    BrowserGone,
    ControlChanged,
    DeadlinePassed,
    DialogOpened,
    EngineEvent,
    Navigated,
    TabClosed,
    TabCrashed,
    TabOpened,
    ViewerJoined,
    ViewerLeft,
)
from sessions_app.models import EndReason
from sessions_app.services import ending, events

if TYPE_CHECKING:
    from typing import Any

# The kind of entry, and what happened within that kind.
_ENTRIES: dict[type[EngineEvent], tuple[str, str]] = {
    Navigated: ("navigation", ""),
    TabOpened: ("tab", "opened"),
    TabClosed: ("tab", "closed"),
    TabCrashed: ("tab", "crashed"),
    DialogOpened: ("dialog", ""),
    ControlChanged: ("control", ""),
    ViewerJoined: ("viewer", "joined"),
    ViewerLeft: ("viewer", "left"),
}


async def follow(event: EngineEvent) -> None:
    if isinstance(event, BrowserGone):
        await ending.end(event.session_id, EndReason(event.reason), event.detail)
    elif isinstance(event, DeadlinePassed):
        await ending.end(event.session_id, EndReason(event.reason))
    else:
        await _record(event)


async def _record(event: EngineEvent) -> None:
    kind, what = _ENTRIES[type(event)]
    data: dict[str, Any] = {"what": what} if what else {}
    data |= {name: value for name, value in asdict(event).items() if name != "session_id"}
    try:
        await events.record(event.session_id, kind, data)
    except IntegrityError:
        # The row is gone: nobody is left to tell.
        pass
