"""What the engine reports becomes rows: the end of a session, or an entry in its events."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from sessions_app.engine.events import (
    BrowserGone,
    ControlChanged,
    DeadlinePassed,
    DialogClosed,
    DialogOpened,
    EngineEvent,
    Navigated,
    Noted,
    ReleaseAsked,
    TabClosed,
    TabCrashed,
    TabOpened,
    ViewerJoined,
    ViewerLeft,
)
from sessions_app.models import EndReason
from sessions_app.services import crashes, ending, timeline

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

# The kind of entry, and what happened within that kind.
_ENTRIES: dict[type[EngineEvent], tuple[str, str]] = {
    Navigated: ("navigation", ""),
    TabOpened: ("tab", "opened"),
    TabClosed: ("tab", "closed"),
    TabCrashed: ("tab", "crashed"),
    DialogOpened: ("dialog", "opened"),
    DialogClosed: ("dialog", "closed"),
    ControlChanged: ("control", ""),
    ViewerJoined: ("viewer", "joined"),
    ViewerLeft: ("viewer", "left"),
}


async def follow_surely(event: EngineEvent, *, every: float, is_pointless: Callable[[], bool]) -> None:
    """For what the engine says once and nobody else would notice: a database that does not answer is asked again."""
    while not is_pointless():
        try:
            return await follow(event)
        except Exception:
            logger.exception("This is not written yet; the next try is due in %.0f s: %r", every, event)
        await asyncio.sleep(every)


async def follow(event: EngineEvent) -> None:
    if isinstance(event, BrowserGone):
        await crashes.browser_gone(event)
    elif isinstance(event, DeadlinePassed):
        await ending.end(event.session_id, EndReason(event.reason))
    elif isinstance(event, ReleaseAsked):
        await ending.end(event.session_id, EndReason.RELEASED)
    else:
        _record(event)


def _record(event: EngineEvent) -> None:
    if isinstance(event, Noted):
        kind, data = str(event.kind), event.data
    else:
        kind, what = _ENTRIES[type(event)]
        data = {"what": what} if what else {}
        data |= {name: value for name, value in asdict(event).items() if name not in ("session_id", "at")}
    timeline.add(timeline.Entry(event.session_id, kind, data, event.at))
