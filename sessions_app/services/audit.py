"""Who did what to whom: written with what happened, read by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import AuditEntry
from sessions_app.services import trace
from sessions_app.services.actors import Right
from sessions_app.services.lists import read_page

if TYPE_CHECKING:
    from datetime import datetime

    from sessions_app.models import User
    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor

_MAX_TARGET = 255
_AT_ONCE = 1000


def write(actor: Actor, action: str, target: str, **detail: Any) -> None:
    """For use inside the transaction of what happened; in the actor's own project."""
    enter(
        action,
        target,
        project_id=actor.project_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        detail=detail,
    )


def enter(action: str, target: str, *, project_id: str | None, **fields: Any) -> None:
    """For what has no actor yet, such as a login; None concerns the whole server."""
    AuditEntry.objects.create(
        at=timezone.now(),
        action=action,
        target=target[:_MAX_TARGET],
        project_id=project_id,
        address=trace.address.get()[:64],
        request_id=trace.request_id.get(),
        **fields,
    )


def enter_own(user: User, action: str, **detail: Any) -> None:
    """What somebody did with the own login concerns all projects."""
    name = user.get_username()
    enter(
        action,
        name,
        project_id=None,
        actor_kind="person",
        actor_id=f"user_{user.pk}",
        actor_name=name,
        detail=detail,
    )


async def record(actor: Actor, action: str, target: str, **detail: Any) -> None:
    """For what happens outside of the database."""
    await sync_to_async(write)(actor, action, target, **detail)


async def list_entries(
    actor: Actor,
    *,
    action: str = "",
    by: str = "",
    target: str = "",
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[AuditEntry]:
    """Newest first; `by` is the id or the name of who did it, `q` a part of whatever there is to read."""
    actor.require(Right.READ_AUDIT)
    wanted = Q(project=actor.project_id)
    if actor.administers_server:
        wanted |= Q(project=None)
    rows = AuditEntry.objects.filter(wanted)
    if action:
        rows = rows.filter(action=action)
    if by:
        rows = rows.filter(Q(actor_id=by) | Q(actor_name=by))
    if target:
        rows = rows.filter(target=target)
    if q.strip():
        rows = rows.filter(_mentions(q.strip()))
    return await read_page(selectors.latest_page, rows, limit=limit, cursor=cursor)


def _mentions(text: str) -> Q:
    found = Q()
    for field in ("action", "target", "actor_id", "actor_name", "address", "request_id"):
        found |= Q(**{f"{field}__icontains": text})
    return found


def prune(before: datetime) -> int:
    """Forgets what is older, a part at a time so that others can write in between; how many entries."""
    old = AuditEntry.objects.filter(at__lt=before).order_by("pk").values_list("pk", flat=True)
    removed = 0
    while ids := list(old[:_AT_ONCE]):
        removed += AuditEntry.objects.filter(pk__in=ids).delete()[0]
    return removed
