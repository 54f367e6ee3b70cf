"""A session's timeline: what happened to it and in it, in order, and no more of it than may be kept."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import Event
from sessions_app.services import lookup, readers
from sessions_app.services.lists import page_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor

MAX_KEPT = 5_000
# So many more are deleted at a time, that not every entry costs a deletion.
ROOM = 250


class Kind(StrEnum):
    LIFECYCLE = "lifecycle"
    NAVIGATION = "navigation"
    TAB = "tab"
    VIEWER = "viewer"
    CONTROL = "control"
    LABEL = "label"
    DIALOG = "dialog"
    CONSOLE = "console"
    NETWORK = "network"
    DOWNLOAD = "download"
    ERROR = "error"
    PERFORMANCE = "performance"


NOISY = frozenset({Kind.CONSOLE, Kind.NETWORK, Kind.PERFORMANCE})
_GOES = (NOISY, frozenset(Kind) - NOISY - {Kind.LIFECYCLE})


def write(session_id: str, kind: str, data: dict[str, Any]) -> None:
    """For use inside the transaction of what happened."""
    append(session_id, [Event(session_id=session_id, at=timezone.now(), kind=kind, data=data)])


@transaction.atomic(savepoint=False)
def append(session_id: str, entries: Collection[Event]) -> None:
    take_turn(session_id)
    Event.objects.bulk_create(entries)
    _prune(session_id)
    transaction.on_commit(partial(readers.wake, session_id))


def take_turn(session_id: str) -> None:
    """Until the transaction ends nobody else writes into this timeline.

    PostgreSQL gives out ids before it commits: of two writers at once the later id could be seen first, and who reads
    on from there would never see the other. SQLite has one writer at a time anyhow.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [session_id])


def of_session(session_id: str, *, after: int | None = None, kinds: Collection[str] = ()) -> QuerySet[Event]:
    rows = Event.objects.filter(session_id=session_id)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.filter(kind__in=kinds) if kinds else rows


async def list_events(
    actor: Actor,
    session_id: str,
    *,
    kinds: Collection[str] = (),
    after: int | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Event]:
    """Oldest first; those of any of `kinds`, if it names some, that were written after the entry `after`."""

    def read() -> Page[Event]:
        rows = of_session(lookup.row_now(actor, session_id).id, after=after, kinds=kinds)
        return selectors.oldest_page(rows, limit=limit, cursor=cursor)

    return await page_of(read)


def _prune(session_id: str) -> None:
    """The oldest of the noisy kinds go first; the session's own life is never forgotten."""
    rows = of_session(session_id)
    surplus = rows.count() - MAX_KEPT
    if surplus <= 0:
        return
    surplus += ROOM
    for kinds in _GOES:
        chosen = rows.filter(kind__in=kinds).order_by("pk")
        oldest = list(chosen.values_list("pk", flat=True)[:surplus])
        if oldest:
            chosen.order_by().filter(pk__lte=oldest[-1]).delete()
        surplus -= len(oldest)
        if surplus <= ROOM:
            return
