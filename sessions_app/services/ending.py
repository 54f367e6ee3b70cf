"""How sessions end: once, for whatever reason, and by whichever call comes first."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sessions_app.models import HOLDING, EndReason, IdempotencyKey, Session, SessionStatus
from sessions_app.services import events, launches, lookup, meters, timeline, trace
from sessions_app.services.facts import cpu_seconds, flushed, forget_earlier

if TYPE_CHECKING:
    from sessions_app.engine.session import LiveSession
    from sessions_app.models import Node

logger = logging.getLogger(__name__)

_NOT_ENDING = (SessionStatus.QUEUED, SessionStatus.STARTING, SessionStatus.RUNNING)

FAREWELLS = {
    EndReason.RELEASED: "This session was released.",
    EndReason.RELEASED_BY_OPERATOR: "This session was released by an operator.",
    EndReason.SERVER_STOPPED: "This session ended because its server stopped.",
    EndReason.IDLE_TIMEOUT: "This session ended because nothing happened in it for too long.",
    EndReason.MAX_LIFETIME: "This session reached its longest lifetime.",
    EndReason.BROWSER_CRASHED: "This session's browser crashed.",
    EndReason.LAUNCH_FAILED: "This session's browser did not start.",
    EndReason.OUT_OF_MEMORY: "This session's browser ran out of memory.",
    EndReason.SERVER_LOST: "This session ended because its server was lost.",
}
_endings: dict[str, asyncio.Event] = {}


async def end(session_id: str, reason: EndReason, error: str = "", *, forget_request: bool = False) -> None:
    """Ends a session, once; later callers wait until it is done, and one that was never written is no mistake.

    A caller that is cancelled (a client that hung up) does not stop it halfway. With `forget_request` the request that
    made it may be repeated, as after a launch that failed.
    """
    ending = _endings.get(session_id)
    if ending:
        await ending.wait()
    else:
        _endings[session_id] = asyncio.Event()
        await asyncio.shield(_end(session_id, reason, error, forget_request))


async def finish(node: Node) -> None:
    """Ends what an earlier attempt left halfway, because the database did not answer."""
    halfway = Q(status=SessionStatus.RELEASING) | Q(status=SessionStatus.STARTING)
    rows = Session.objects.filter(halfway, node=node)
    for session_id, reason in [row async for row in rows.values_list("pk", "end_reason")]:
        if session_id in _endings or launches.is_under_way(session_id):
            continue
        # Read again: its launch may have come to its end since, and then it runs.
        if await rows.filter(pk=session_id).aexists():
            await end(session_id, EndReason(reason or EndReason.LAUNCH_FAILED))


async def _end(session_id: str, reason: EndReason, error: str, forget_request: bool) -> None:
    trace.session_id.set(session_id)
    try:
        # PostgreSQL keeps no NUL, and what a browser last wrote may hold any byte.
        claimed = await _claim(session_id, reason, error.replace("\0", "\ufffd"))
        told = claimed or reason
        live = lookup.live_or_none(session_id)
        known = flushed(live) if live else {}
        if live:
            await live.aclose(status=told.status.value, reason=told.value, message=FAREWELLS[told])
        if claimed:
            await timeline.settle(session_id)
            await sync_to_async(_write_end)(session_id, claimed, live, known, forget_request)
            meters.ended.labels(claimed.value).inc()
            logger.info("It ended: %s", claimed.value)
    finally:
        forget_earlier(session_id)
        launches.ring()
        _endings.pop(session_id).set()


async def _claim(session_id: str, reason: EndReason, error: str) -> EndReason | None:
    """The reason for which it ends, or None if it is not ours to end; what ended halfway keeps its first reason."""
    rows = Session.objects.filter(pk=session_id)
    claim = {"status": SessionStatus.RELEASING, "end_reason": reason, "error": error}
    if await rows.filter(status__in=_NOT_ENDING).aupdate(**claim):
        return reason
    halfway = await rows.filter(status=SessionStatus.RELEASING).afirst()
    return EndReason(halfway.end_reason) if halfway else None


@transaction.atomic
def _write_end(
    session_id: str, reason: EndReason, live: LiveSession | None, known: dict[str, Any], forget_request: bool
) -> None:
    if live:
        known["cpu_seconds"] = cpu_seconds(live)
    rows = Session.objects.filter(pk=session_id, status=SessionStatus.RELEASING)
    if not rows.update(status=reason.status, ended_at=timezone.now(), **known):
        return
    events.write(session_id, "lifecycle", {"status": reason.status, "reason": reason})
    if forget_request or reason == EndReason.LAUNCH_FAILED:
        IdempotencyKey.objects.filter(session_id=session_id).delete()


@transaction.atomic
def mark_ended(which: Q, reason: EndReason) -> int:
    """Ends rows whose browsers are gone, or are not this process's to close; who waits in a queue loses nothing."""
    # In order, because two that do this at once would else wait for one another.
    ids = sorted(Session.objects.filter(which, status__in=HOLDING).values_list("pk", flat=True))
    rows = Session.objects.filter(pk__in=ids, status__in=HOLDING)
    rows.update(status=reason.status, end_reason=reason, ended_at=timezone.now())
    for session_id in ids:
        events.write(session_id, "lifecycle", {"status": reason.status, "reason": reason})
    meters.ended.labels(reason.value).inc(len(ids))
    return len(ids)
