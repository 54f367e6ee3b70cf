"""The wall: a project's sessions, those that want somebody first, and whether anything stirs among them."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import LIVE, EndReason, Session, SessionStatus
from sessions_app.services import lookup
from sessions_app.services.actors import Right
from sessions_app.services.ending import FAREWELLS
from sessions_app.services.facts import SessionFacts, session_facts
from sessions_app.services.lists import read_page

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping
    from datetime import datetime

    from sessions_app.engine.session import LiveSession
    from sessions_app.services.actors import Actor

# So long what has ended keeps its place, that whoever looks at it sees why.
LINGER = timedelta(seconds=15)
# Who was busy more lately comes first, but only as far as these seconds tell apart: else nothing would ever stand still.
BUSY_WITHIN = (60, 300, 900, 3600)
# Of what a page calls itself, and of its address, no more is shown at once.
MAX_SHOWN = 120
# Beside a status, in passing; `FAREWELLS` say it in full.
WHY = {
    EndReason.RELEASED: "",
    EndReason.RELEASED_BY_OPERATOR: "by an operator",
    EndReason.SERVER_STOPPED: "server stopped",
    EndReason.IDLE_TIMEOUT: "idle too long",
    EndReason.MAX_LIFETIME: "longest lifetime",
    EndReason.BROWSER_CRASHED: "browser crashed",
    EndReason.LAUNCH_FAILED: "did not start",
    EndReason.OUT_OF_MEMORY: "out of memory",
    EndReason.SERVER_LOST: "server was lost",
}


@dataclass(frozen=True, kw_only=True)
class Needs:
    """Why a session waits for a person; false when it does not."""

    dialog: bool = False
    crashed: bool = False
    unresponsive: bool = False
    # Names of those who ask whoever is in control for it.
    asked_by: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.dialog or self.crashed or self.unresponsive or self.asked_by)


@dataclass(frozen=True)
class Card:
    session: SessionFacts
    needs: Needs
    lingers: bool

    @property
    def title(self) -> str:
        session = self.session
        return (session.name or session.title or session.url or session.id)[:MAX_SHOWN]

    @property
    def why(self) -> str:
        reason = self.session.end_reason
        return WHY[EndReason(reason)] if reason else ""

    @property
    def farewell(self) -> str:
        reason = self.session.end_reason
        return FAREWELLS[EndReason(reason)] if reason else ""

    @property
    def no_picture(self) -> str:
        """Why there is none, or none that is new."""
        if self.session.status in (SessionStatus.QUEUED, SessionStatus.STARTING):
            return "Its browser has not started yet."
        return "A dialog is open: no picture until it is answered." if self.needs.dialog else self.farewell


async def cards(
    actor: Actor,
    *,
    labels: Mapping[str, str | None] | None = None,
    statuses: Collection[SessionStatus] = (),
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> selectors.Page[Card]:
    """Those that want somebody, those that run, those that wait, those that have ended; all that are live at once."""
    actor.require(Right.SEE)
    rows = selectors.with_labels(selectors.sessions(actor.project_id), labels or {})
    if statuses:
        rows = rows.filter(status__in=statuses)
    if q.strip():
        rows = selectors.matching(rows, q.strip())
    now = timezone.now()
    pager = partial(selectors.live_first_page, since=now - LINGER)
    page = await read_page(pager, rows, limit=limit, cursor=cursor)
    found = [_card(row, actor, now) for row in page.items]
    # Stable: within each place the newest still comes first.
    found.sort(key=lambda card: _place(card, now))
    return selectors.Page(found, page.next_cursor, page.total)


async def glance(actor: Actor) -> Hashable:
    """What a wall shows beside pictures; another value than before means that there is something to show."""
    rows = Session.objects.filter(
        Q(status__in=LIVE) | Q(ended_at__gt=timezone.now() - LINGER), project_id=actor.project_id
    )
    seen = [row async for row in rows.order_by("pk").values_list("pk", "status", "name")]
    return tuple((*row, _look(row[0])) for row in seen)


def _card(row: Session, actor: Actor, now: datetime) -> Card:
    live = lookup.live_or_none(row.id) if row.status == SessionStatus.RUNNING else None
    lingers = row.ended_at is not None and row.ended_at > now - LINGER
    return Card(session_facts(row, actor), needs(live) if live else Needs(), lingers)


def _place(card: Card, now: datetime) -> tuple[int, int]:
    session = card.session
    if session.status.has_ended and not card.lingers:
        return (3, 0)
    if session.queue_position is not None:
        return (2, session.queue_position)
    if card.needs:
        return (0, 0)
    return (1, bisect(BUSY_WITHIN, (now - session.last_activity_at).total_seconds()))


def needs(live: LiveSession) -> Needs:
    tabs = live.tabs
    return Needs(
        dialog=any(tab.dialog for tab in live.open_tabs),
        crashed=any(tab.crashed for tab in tabs),
        unresponsive=any(tab.unresponsive for tab in tabs),
        asked_by=live.audience.asked_by,
    )


def _look(session_id: str) -> Hashable:
    live = lookup.live_or_none(session_id)
    if live is None:
        return None
    tab = live.active_tab
    return (tab.url, tab.title, live.viewer_count, live.controller, needs(live))
