"""Starting, finding, changing and ending sessions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import HOLDING, LIVE, EndReason, Session, SessionStatus
from sessions_app.services import audit, ending, errors, lookup, nodes, starting
from sessions_app.services.actors import Right
from sessions_app.services.facts import SessionFacts, session_facts
from sessions_app.services.lists import read_page
from sessions_app.services.new_session import NewSession, check_name, check_seconds, checked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sessions_app.services.actors import Actor


@dataclass(frozen=True, kw_only=True)
class ReleaseResult:
    id: str
    released: bool
    status: SessionStatus | None = None
    code: str | None = None
    detail: str | None = None


# Starting


async def create(actor: Actor, asked: NewSession) -> SessionFacts:
    """Running, or queued when the server is full. Raises QuotaExceeded, LaunchFailed."""
    actor.require(Right.CHANGE)
    params = checked(asked)
    return session_facts(await starting.start(actor, params), actor, labels=params.labels)


# Finding and changing


async def get(actor: Actor, session_id: str) -> SessionFacts:
    return session_facts(await lookup.whole(actor, session_id), actor)


async def list_sessions(
    actor: Actor,
    *,
    labels: Mapping[str, str | None] | None = None,
    statuses: Collection[SessionStatus] = (),
    q: str = "",
    context: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> selectors.Page[SessionFacts]:
    """Newest first; a label whose value is None asks for the key alone."""
    actor.require(Right.SEE)
    rows = selectors.with_labels(selectors.sessions(actor.project_id), labels or {})
    rows = selectors.created_between(rows, created_after, created_before)
    if statuses:
        rows = rows.filter(status__in=statuses)
    if q.strip():
        rows = selectors.matching(rows, q.strip())
    if context is not None:
        # No session has one.
        rows = rows.none()
    page = await read_page(selectors.newest_page, rows, limit=limit, cursor=cursor)
    return selectors.Page([session_facts(row, actor) for row in page.items], page.next_cursor, page.total)


async def update(
    actor: Actor,
    session_id: str,
    *,
    name: str | None = None,
    idle_timeout: int | None = None,
    max_lifetime: int | None = None,
) -> SessionFacts:
    """None leaves a field as it is."""
    actor.require(Right.CHANGE)
    asked = {"name": name, "idle_timeout": idle_timeout, "max_lifetime": max_lifetime}
    changes = {field: value for field, value in asked.items() if value is not None}
    check_name(name or "")
    for field in changes.keys() - {"name"}:
        check_seconds(changes[field], field)  # type: ignore[arg-type]
    row = await lookup.whole(actor, session_id)
    if changes.keys() - {"name"}:
        lookup.live(row).set_limits(idle_timeout=idle_timeout, max_lifetime=max_lifetime)
    live = lookup.live_or_none(row.id)
    if live and name is not None:
        live.name = name
    if changes:
        await Session.objects.filter(pk=row.pk).aupdate(**changes)
        lookup.touch(row.id)
    for field, value in changes.items():
        setattr(row, field, value)
    return session_facts(row, actor)


async def keepalive(actor: Actor, session_id: str) -> SessionFacts:
    actor.require(Right.CHANGE)
    row = await lookup.whole(actor, session_id)
    lookup.live(row).touch()
    return session_facts(row, actor)


# Ending


async def release(actor: Actor, session_id: str) -> SessionFacts:
    """Idempotent: an ended session answers as it is, and whoever comes second waits for the first."""
    actor.require(Right.CHANGE)
    row = await lookup.whole(actor, session_id)
    if SessionStatus(row.status).has_ended:
        return session_facts(row, actor)
    await ending.end(row.id, _released_by(actor))
    await _note_release(actor, [row.id])
    return await get(actor, session_id)


async def release_many(
    actor: Actor,
    *,
    ids: Collection[str] | None = None,
    labels: Mapping[str, str] | None = None,
    all_sessions: bool = False,
) -> list[ReleaseResult]:
    """Those named, those with every one of `labels`, or every live session of the project; one result each."""
    actor.require(Right.CHANGE)
    if sum((ids is not None, bool(labels), all_sessions)) != 1:
        raise errors.Invalid("give one of ids, labels and all", field="ids")
    rows = selectors.with_labels(selectors.sessions(actor.project_id), labels or {})
    rows = rows.filter(pk__in=ids) if ids is not None else rows.filter(status__in=LIVE)
    found = {row.id: SessionStatus(row.status) async for row in rows}
    async with asyncio.TaskGroup() as group:
        for session_id in found:
            group.create_task(ending.end(session_id, _released_by(actor)))
    await _note_release(actor, [pk for pk, status in found.items() if not status.has_ended])
    after = {row.id: SessionStatus(row.status) async for row in Session.objects.filter(pk__in=found)}
    return [_result(session_id, after.get(session_id)) for session_id in dict.fromkeys(ids or found)]


def _result(session_id: str, status: SessionStatus | None) -> ReleaseResult:
    if status is None:
        unknown = errors.session_not_found(session_id)
        return ReleaseResult(id=session_id, released=False, code=unknown.code, detail=unknown.detail)
    return ReleaseResult(id=session_id, released=status.has_ended, status=status)


async def _note_release(actor: Actor, ids: Collection[str]) -> None:
    if actor.kind == "person":
        for session_id in ids:
            await audit.record(actor, "session.released", session_id)


def _released_by(actor: Actor) -> EndReason:
    return EndReason.RELEASED_BY_OPERATOR if actor.kind == "person" else EndReason.RELEASED


async def stop_all() -> None:
    """The server stops: every session of this node is released, but for those in the queue, which await the next."""
    rows = Session.objects.filter(node=nodes.current(), status__in=HOLDING)
    ids = [session_id async for session_id in rows.values_list("pk", flat=True)]
    async with asyncio.TaskGroup() as group:
        for session_id in ids:
            group.create_task(ending.end(session_id, EndReason.SERVER_STOPPED))


async def sweep_lost() -> int:
    """Marks what a dead server left: this node's rows from before its start, and those of nodes whose lease is out."""
    dead = Q(node=nodes.current()) | Q(node__lease_until__lt=timezone.now())
    return await sync_to_async(ending.mark_ended)(dead, EndReason.SERVER_LOST)
