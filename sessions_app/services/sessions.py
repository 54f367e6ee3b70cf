"""Starting, finding, changing and ending sessions."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sessions_app import runtime, selectors
from sessions_app.engine.errors import EngineError
from sessions_app.models import LIVE, EndReason, Label, Session, SessionStatus
from sessions_app.models.ids import session_id as new_session_id
from sessions_app.services import ending, errors, events, lookup, nodes
from sessions_app.services.actors import Right
from sessions_app.services.facts import SessionFacts, session_facts
from sessions_app.services.lists import read_page
from sessions_app.services.new_session import NewSession, check_name, check_seconds, checked, launch_spec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sessions_app.services.actors import Actor

RETRY_AFTER = 5
_NOT_WRITTEN = "The server could not start this session; its log says why."


@dataclass(frozen=True, kw_only=True)
class ReleaseResult:
    id: str
    released: bool
    status: SessionStatus | None = None
    code: str | None = None
    detail: str | None = None


# Starting


async def create(actor: Actor, asked: NewSession) -> SessionFacts:
    """The row precedes the process: a crash between the two leaves a row that is swept, never a browser unknown."""
    actor.require(Right.CHANGE)
    params = checked(asked)
    engine = runtime.engine()
    session_id = new_session_id()
    try:
        row = await sync_to_async(_insert)(session_id, actor, params, engine.config.max_sessions)
        live = await engine.launch(launch_spec(row))
        started = await sync_to_async(_mark_running)(row)
    except EngineError as error:
        await ending.end(session_id, EndReason.LAUNCH_FAILED, str(error))
        raise errors.LaunchFailed(str(error)) from error
    except asyncio.CancelledError:
        # The client hung up, so nobody would ever learn of this session; the row may be there all the same.
        await ending.end(session_id, EndReason.RELEASED)
        raise
    except BaseException:
        await ending.end(session_id, EndReason.LAUNCH_FAILED, _NOT_WRITTEN)
        raise
    if not started:
        await live.aclose()
        raise errors.SessionEnded(row.id, SessionStatus.RELEASED)
    return session_facts(row, actor, labels=params.labels)


@transaction.atomic
def _insert(session_id: str, actor: Actor, params: NewSession, max_sessions: int) -> Session:
    node = nodes.current()
    if Session.objects.filter(status__in=LIVE, node=node).count() >= max_sessions:
        raise errors.QuotaExceeded(f"{max_sessions} sessions run, as many as may.", retry_after=RETRY_AFTER)
    now = timezone.now()
    row = Session(
        id=session_id,
        project_id=actor.project_id,
        name=params.name,
        url=params.url,
        image_id=params.image_id,
        viewport=asdict(params.viewport),
        user_agent=params.user_agent or "",
        locale=params.locale or "",
        timezone=params.timezone or "",
        idle_timeout=params.idle_timeout,
        max_lifetime=params.max_lifetime,
        watching_keeps_alive=params.watching_keeps_alive,
        created_at=now,
        last_activity_at=now,
        created_by=actor.name,
        node=node,
    )
    row.save(force_insert=True)
    Label.objects.bulk_create(
        Label(session=row, key=key, value=value) for key, value in params.labels.items()
    )
    events.write(row.id, "lifecycle", {"status": row.status, "by": actor.name})
    return row


@transaction.atomic
def _mark_running(row: Session) -> bool:
    now = timezone.now()
    rows = Session.objects.filter(pk=row.pk, status=SessionStatus.STARTING)
    expires_at = now + timedelta(seconds=min(row.idle_timeout, row.max_lifetime))
    if not rows.update(
        status=SessionStatus.RUNNING, started_at=now, last_activity_at=now, expires_at=expires_at
    ):
        return False
    row.status, row.started_at = SessionStatus.RUNNING, now
    events.write(row.id, "lifecycle", {"status": row.status})
    return True


# Finding and changing


async def get(actor: Actor, session_id: str) -> SessionFacts:
    return session_facts(await lookup.row(actor, session_id), actor)


async def list_sessions(
    actor: Actor,
    *,
    labels: Mapping[str, str | None] | None = None,
    status: SessionStatus | None = None,
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
    live_first: bool = False,
) -> selectors.Page[SessionFacts]:
    """Newest first; a label whose value is None asks for the key alone. A cursor belongs to its order."""
    actor.require(Right.SEE)
    rows = selectors.with_labels(selectors.sessions(actor.project_id), labels or {})
    if status:
        rows = rows.filter(status=status)
    if q.strip():
        rows = selectors.matching(rows, q.strip())
    pager = selectors.live_first_page if live_first else selectors.newest_page
    page = await read_page(pager, rows, limit=limit, cursor=cursor)
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
    row = await lookup.row(actor, session_id)
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
    row, live = await lookup.running(actor, session_id)
    live.touch()
    return session_facts(row, actor)


# Ending


async def release(actor: Actor, session_id: str) -> SessionFacts:
    """Idempotent: an ended session answers as it is, and whoever comes second waits for the first."""
    actor.require(Right.CHANGE)
    row = await lookup.row(actor, session_id)
    if SessionStatus(row.status).has_ended:
        return session_facts(row, actor)
    await ending.end(row.id, _released_by(actor))
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
    found = [row.id async for row in rows]
    async with asyncio.TaskGroup() as group:
        for session_id in found:
            group.create_task(ending.end(session_id, _released_by(actor)))
    after = {row.id: SessionStatus(row.status) async for row in Session.objects.filter(pk__in=found)}
    return [_result(session_id, after.get(session_id)) for session_id in dict.fromkeys(ids or found)]


def _result(session_id: str, status: SessionStatus | None) -> ReleaseResult:
    if status is None:
        unknown = errors.session_not_found(session_id)
        return ReleaseResult(id=session_id, released=False, code=unknown.code, detail=unknown.detail)
    return ReleaseResult(id=session_id, released=status.has_ended, status=status)


def _released_by(actor: Actor) -> EndReason:
    return EndReason.RELEASED_BY_OPERATOR if actor.kind == "person" else EndReason.RELEASED


async def stop_all() -> None:
    """The server stops: every session of this node is released."""
    rows = Session.objects.filter(node=nodes.current(), status__in=LIVE)
    ids = [session_id async for session_id in rows.values_list("pk", flat=True)]
    async with asyncio.TaskGroup() as group:
        for session_id in ids:
            group.create_task(ending.end(session_id, EndReason.SERVER_STOPPED))


async def sweep_lost() -> int:
    """Marks what a dead server left: this node's rows from before its start, and those of nodes whose lease is out."""
    dead = Q(node=nodes.current()) | Q(node__lease_until__lt=timezone.now())
    return await sync_to_async(ending.mark_ended)(dead, EndReason.SERVER_LOST)
