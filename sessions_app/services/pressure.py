"""How full the server is: for programs that want to know before they ask for a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db.models import Count, Q

from sessions_app import runtime
from sessions_app.models import HOLDING, LIVE, Session, SessionStatus
from sessions_app.services import machine, meters, nodes
from sessions_app.services.actors import Right

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor
    from sessions_app.services.machine import Memory


@dataclass(frozen=True, kw_only=True)
class Pressure:
    """Of this server, all projects together; `accepting` is whether another session would start or wait."""

    running: int
    queued: int
    max_sessions: int
    queue_limit: int
    cpu: float
    memory: Memory
    load: tuple[float, float, float]
    recently_rejected: int
    accepting: bool


async def read(actor: Actor) -> Pressure:
    actor.require(Right.SEE)
    engine = runtime.engine()
    (running, queued), memory = await sync_to_async(_count_and_measure)()
    has_room = running < engine.config.max_sessions or queued < settings.QUARTERDECK_QUEUE
    return Pressure(
        running=running,
        queued=queued,
        max_sessions=engine.config.max_sessions,
        queue_limit=settings.QUARTERDECK_QUEUE,
        cpu=machine.processor.look(),
        memory=memory,
        load=machine.load(),
        recently_rejected=meters.recently_rejected.count(),
        accepting=engine.is_open and has_room,
    )


def _count_and_measure() -> tuple[tuple[int, int], Memory]:
    return count(), machine.memory()


def count() -> tuple[int, int]:
    """How many of this server's sessions hold a place, and how many wait for one."""
    found = Session.objects.filter(node=nodes.current(), status__in=LIVE).aggregate(
        running=Count("pk", filter=Q(status__in=HOLDING)),
        queued=Count("pk", filter=Q(status=SessionStatus.QUEUED)),
    )
    return found["running"], found["queued"]
