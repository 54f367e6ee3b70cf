"""From what was asked to a row, and from a row to its running browser."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from sessions_app import runtime
from sessions_app.engine.config import Viewport
from sessions_app.engine.errors import EngineError
from sessions_app.models import LIVE, EndReason, Label, Node, Session, SessionStatus
from sessions_app.models.ids import session_id as new_session_id
from sessions_app.services import ending, errors, events, launches, meters, nodes, trace
from sessions_app.services.stored_options import has_secrets, keep_secrets, launch_spec, to_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.config import LaunchSpec
    from sessions_app.services.actors import Actor
    from sessions_app.services.new_session import NewSession

RETRY_AFTER = 5
_NOT_WRITTEN = "The server could not start this session; its log says why."


async def start(
    actor: Actor, params: NewSession, *, alongside: Callable[[Session], None] = lambda _: None
) -> Session:
    """A row that runs, or that waits because the server is full; `alongside` is called first in its transaction.

    The row precedes the process: a crash between the two leaves a row that is swept, never a browser unknown.
    Raises QuotaExceeded, LaunchFailed, SessionEnded.
    """
    session_id = new_session_id()
    trace.session_id.set(session_id)
    max_sessions = runtime.engine().config.max_sessions
    with launches.under_way(session_id):
        try:
            row = await sync_to_async(_insert)(session_id, actor, params, max_sessions, alongside)
            if row.status == SessionStatus.STARTING:
                await launch(row)
        except errors.QuotaExceeded:
            meters.session_rejected()
            raise
        except asyncio.CancelledError:
            # The client hung up, so nobody would ever learn of this session; the row may be there all the same.
            await ending.end(session_id, EndReason.RELEASED, forget_request=True)
            raise
    if row.status == SessionStatus.QUEUED:
        launches.ring()
    return row


async def launch(row: Session) -> None:
    """From `starting` to `running`; what goes wrong is written down. Raises LaunchFailed, SessionEnded."""
    began = time.monotonic()
    try:
        live = await runtime.engine().launch(await spec_of(row))
        started = await sync_to_async(_mark_running)(row)
    except EngineError as error:
        meters.create_failures.inc()
        await ending.end(row.id, EndReason.LAUNCH_FAILED, str(error))
        raise errors.LaunchFailed(str(error)) from error
    except Exception:
        meters.create_failures.inc()
        await ending.end(row.id, EndReason.LAUNCH_FAILED, _NOT_WRITTEN)
        raise
    if not started:
        await live.aclose()
        raise errors.SessionEnded(row.id, SessionStatus.RELEASED)
    meters.created_seconds.observe(time.monotonic() - began)


async def spec_of(row: Session) -> LaunchSpec:
    """Raises engine's LaunchFailed."""
    return await sync_to_async(launch_spec)(row) if has_secrets(row) else launch_spec(row)


@transaction.atomic
def _insert(
    session_id: str,
    actor: Actor,
    params: NewSession,
    max_sessions: int,
    alongside: Callable[[Session], None],
) -> Session:
    node = nodes.current()
    # One at a time counts and then takes a place; SQLite has only one writer anyway.
    Node.objects.select_for_update().get(pk=node.pk)
    row = _row(session_id, actor, params, node)
    alongside(row)
    position = _place(node, max_sessions)
    row.status = SessionStatus.QUEUED if position else SessionStatus.STARTING
    row.save(force_insert=True)
    keep_secrets(row, params)
    row.queue_position = position  # type: ignore[attr-defined]
    Label.objects.bulk_create(
        Label(session=row, key=key, value=value) for key, value in params.labels.items()
    )
    events.write(row.id, "lifecycle", {"status": row.status, "by": actor.name})
    return row


def _place(node: Node, max_sessions: int) -> int | None:
    """None to start at once, else the position in the queue: who waits is not overtaken."""
    is_queued = Q(status=SessionStatus.QUEUED)
    found = Session.objects.filter(node=node, status__in=LIVE).aggregate(
        queued=Count("pk", filter=is_queued), holding=Count("pk", filter=~is_queued)
    )
    if not found["queued"] and found["holding"] < max_sessions:
        return None
    if found["queued"] >= settings.QUARTERDECK_QUEUE:
        waiting = f" and {found['queued']} wait" if found["queued"] else ""
        detail = f"{found['holding']} sessions run{waiting}, as many as may."
        raise errors.QuotaExceeded(detail, retry_after=RETRY_AFTER)
    position: int = found["queued"] + 1
    return position


def _row(session_id: str, actor: Actor, params: NewSession, node: Node) -> Session:
    now = timezone.now()
    return Session(
        id=session_id,
        project_id=actor.project_id,
        name=params.name,
        url=params.url,
        image_id=params.image_id,
        viewport=asdict(params.viewport or Viewport()),
        user_agent=params.user_agent or "",
        locale=params.locale or "",
        timezone=params.timezone or "",
        idle_timeout=params.idle_timeout,
        max_lifetime=params.max_lifetime,
        watching_keeps_alive=params.watching_keeps_alive,
        on_crash=params.on_crash,
        on_client_close=params.on_client_close,
        while_controlled=params.while_controlled,
        options=to_row(params),
        created_at=now,
        last_activity_at=now,
        created_by=actor.name,
        node=node,
    )


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
