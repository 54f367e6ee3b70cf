"""What time leaves behind: rows whose clock or server has stopped, rights that ran out, and what was long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session as LoginSession
from django.db.models import Q
from django.utils import timezone

from sessions_app.models import (
    ENDED,
    EndReason,
    IdempotencyKey,
    Invitation,
    LiveLink,
    Node,
    Session,
    SessionStatus,
)
from sessions_app.services import audit, idempotency, lookup, nodes, queue, samples
from sessions_app.services.ending import mark_ended

if TYPE_CHECKING:
    from datetime import datetime

# A running server ends sessions by its own clock; this is for what it missed.
_GRACE = timedelta(seconds=30)
# So long a link that ran out still says so.
_REMEMBERED = timedelta(days=1)
# Their events go with them, thousands each; others write in between.
_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class CleanupReport:
    expired: int
    lost: int
    gave_up: int
    forgotten: int
    live_links: int
    idempotency_keys: int
    invitations: int
    logins: int
    audit_entries: int
    samples: int


async def run() -> CleanupReport:
    """Also beside a running server, which closes the browsers of what ends here; what lives in this process stays."""
    now = timezone.now()
    days = settings.QUARTERDECK_RETENTION_DAYS
    before = now - timedelta(days=days) if days else None
    due = await sync_to_async(_end_what_is_due)(now)
    gave_up = await queue.give_up(Session.objects.all())
    forgotten = await _forget(before) if before else 0
    rights = await sync_to_async(_remove_rights)(now)
    entries = await sync_to_async(audit.prune)(before) if before else 0
    rest = {"audit_entries": entries, "samples": await sync_to_async(samples.prune)()}
    return CleanupReport(**due, gave_up=gave_up, forgotten=forgotten, **rights, **rest)


def _end_what_is_due(now: datetime) -> dict[str, int]:
    dead = Node.objects.filter(lease_until__lt=now)
    # By its own clock this server lives, whatever its lease says after that clock jumped.
    others = dead.exclude(pk=nodes.current().pk) if nodes.is_registered() else dead
    return {
        "expired": _expire(now),
        "lost": mark_ended(Q(node__in=list(others.values_list("pk", flat=True))), EndReason.SERVER_LOST),
    }


def _expire(now: datetime) -> int:
    due = Session.objects.filter(status=SessionStatus.RUNNING, expires_at__lt=now - _GRACE)
    over: dict[EndReason, list[str]] = {EndReason.MAX_LIFETIME: [], EndReason.IDLE_TIMEOUT: []}
    for row in due.exclude(pk__in=[live.id for live in lookup.all_live()]).iterator():
        lived_out = row.started_at and row.started_at + timedelta(seconds=row.max_lifetime) <= now
        over[EndReason.MAX_LIFETIME if lived_out else EndReason.IDLE_TIMEOUT].append(row.id)
    return sum(mark_ended(Q(pk__in=ids), reason) for reason, ids in over.items())


async def _forget(before: datetime) -> int:
    """Deletes the sessions that ended before, with all that is theirs."""
    forgotten = 0
    while gone := await sync_to_async(_forget_some)(before):
        forgotten += gone
    return forgotten


def _forget_some(before: datetime) -> int:
    old = Session.objects.filter(status__in=ENDED, ended_at__lt=before).order_by("ended_at")
    ids = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    Session.objects.filter(pk__in=ids).delete()
    return len(ids)


def _remove_rights(now: datetime) -> dict[str, int]:
    long_ago = now - _REMEMBERED
    over = Q(expires_at__lt=long_ago) | Q(revoked_at__lt=long_ago)
    over |= Q(session__status__in=ENDED, session__ended_at__lt=long_ago)
    keys = IdempotencyKey.objects.filter(created_at__lt=now - idempotency.REMEMBERED)
    told = Q(expires_at__lt=long_ago) | Q(used_at__lt=long_ago) | Q(revoked_at__lt=long_ago)
    invitations = Invitation.objects.filter(told)
    return {
        "live_links": LiveLink.objects.filter(over).delete()[0],
        "idempotency_keys": keys.delete()[0],
        "invitations": invitations.delete()[0],
        # Each takes a row of ours along.
        "logins": LoginSession.objects.filter(expire_date__lt=now).delete()[1].get("sessions.Session", 0),
    }
