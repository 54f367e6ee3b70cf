"""What sessions use: measured every ten seconds, and when somebody asks."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.services import lookup, timeline
from sessions_app.services.events import Kind
from sessions_app.services.facts import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sessions_app.engine.gauge import Look, Reading, TabLoad
    from sessions_app.engine.session import LiveSession
    from sessions_app.services.actors import Actor

logger = logging.getLogger(__name__)

EVERY = 10.0
# Of the active tab's metrics these go into the timeline.
_TOLD = ("js_heap_used", "dom_nodes", "documents")


@dataclass(frozen=True, kw_only=True)
class Moment:
    at: datetime
    cpu: float
    memory: int


@dataclass(frozen=True, kw_only=True)
class Performance:
    """`cpu` counts cores; `lately` are the looks of the last ten minutes, oldest first."""

    at: datetime
    cpu: float
    memory: int
    memory_measure: str
    processes: int
    tabs: tuple[TabLoad, ...]
    lately: tuple[Moment, ...]


async def measure(actor: Actor, session_id: str) -> Performance:
    _, live = await lookup.running(actor, session_id)
    return _facts(await live.gauge.read(), live.gauge.lately)


def known(session_id: str) -> Performance | None:
    """What was measured last; None before that, and once the session has ended."""
    live = lookup.live_or_none(session_id)
    if live is None or live.gauge.last is None:
        return None
    return _facts(live.gauge.last, live.gauge.lately)


async def run() -> None:
    """Looks at every session, until cancelled; one after the other, so that nobody waits for twenty at once."""
    while True:
        live = lookup.all_live()
        for each in live:
            # It may have ended since the round began.
            if lookup.live_or_none(each.id) is each:
                await sample(each)
            await asyncio.sleep(EVERY / len(live))
        if not live:
            await asyncio.sleep(EVERY)


async def sample(live: LiveSession) -> None:
    try:
        reading = await live.gauge.look()
    except Exception:
        # One session's trouble is not the others'.
        logger.exception("Session %s could not be measured.", live.id)
        return
    if reading:
        timeline.add(timeline.Entry(live.id, Kind.PERFORMANCE, _entry(reading), reading.at))


def _entry(reading: Reading) -> dict[str, Any]:
    told: dict[str, Any] = {"cpu": reading.cpu, "memory": reading.memory.bytes}
    tab = reading.active
    if tab and tab.metrics:
        told |= {"tab": tab.id, **{name: tab.metrics[name] for name in _TOLD if name in tab.metrics}}
    return told


def _facts(reading: Reading, lately: Sequence[Look]) -> Performance:
    return Performance(
        at=moment(reading.at),
        cpu=reading.cpu,
        memory=reading.memory.bytes,
        memory_measure=reading.memory.measure,
        processes=reading.processes,
        tabs=reading.tabs,
        lately=tuple(Moment(at=moment(look.at), cpu=look.cpu, memory=look.memory) for look in lately),
    )
