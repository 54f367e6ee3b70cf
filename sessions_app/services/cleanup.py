"""What time leaves behind: rows whose clock or server has stopped, and rights that ran out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session as LoginSession
from django.db.models import Q
from django.utils import timezone

from sessions_app.models import ENDED, EndReason, Invitation, LiveLink, Session, SessionStatus
from sessions_app.services.ending import mark_ended

# A running server ends sessions by its own clock; this is for what it missed.
_GRACE = timedelta(seconds=30)
# So long a link that ran out still says so.
_REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class CleanupReport:
    expired: int
    lost: int
    live_links: int
    invitations: int
    logins: int


async def run() -> CleanupReport:
    return await sync_to_async(_run)()


def _run() -> CleanupReport:
    now = timezone.now()
    over = Q(expires_at__lt=now - _REMEMBERED) | Q(revoked_at__lt=now - _REMEMBERED)
    over |= Q(session__status__in=ENDED, session__ended_at__lt=now - _REMEMBERED)
    return CleanupReport(
        expired=_expire(),
        lost=mark_ended(Q(node__lease_until__lt=now), EndReason.SERVER_LOST),
        live_links=LiveLink.objects.filter(over).delete()[0],
        invitations=Invitation.objects.filter(Q(expires_at__lt=now) | Q(used_at__isnull=False)).delete()[0],
        logins=LoginSession.objects.filter(expire_date__lt=now).delete()[0],
    )


def _expire() -> int:
    """A server that still runs such a session closes its browser with the next heartbeat."""
    now = timezone.now()
    due = Session.objects.filter(status=SessionStatus.RUNNING, expires_at__lt=now - _GRACE)
    over: dict[EndReason, list[str]] = {EndReason.MAX_LIFETIME: [], EndReason.IDLE_TIMEOUT: []}
    for row in due.iterator():
        lived_out = row.started_at and row.started_at + timedelta(seconds=row.max_lifetime) <= now
        over[EndReason.MAX_LIFETIME if lived_out else EndReason.IDLE_TIMEOUT].append(row.id)
    return sum(mark_ended(Q(pk__in=ids), reason) for reason, ids in over.items())
