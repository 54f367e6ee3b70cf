"""What there is to know of a session: its row, and while it runs what its browser says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import SessionStatus
from sessions_app.services import addresses, lookup
from sessions_app.services.actors import Right
from sessions_app.services.stored_options import LaunchFacts, launch_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.engine.control import Holder
    from sessions_app.engine.session import LiveSession
    from sessions_app.engine.tab import TabFacts
    from sessions_app.models import Session
    from sessions_app.services.actors import Actor

# What earlier browsers of a session used, by the session's id: a browser that is started again counts from nothing.
_earlier: dict[str, dict[str, float]] = {}
_COUNTED = ("pages_visited", "actions", "frames", "bytes_sent")

# One application runs in every session: the browser.
APP_ID = "quarterdeck-browser-cdp"


@dataclass(frozen=True, kw_only=True)
class UsageFacts:
    seconds: float
    pages_visited: int
    actions: int
    frames: int
    bytes_sent: int
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class SessionFacts(LaunchFacts):
    """`cdp_url` is None for those who may only look, and the addresses are None once the session has ended."""

    id: str
    name: str
    status: SessionStatus
    labels: dict[str, str]
    created_at: datetime
    created_by: str
    started_at: datetime | None
    last_activity_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    error: str | None
    url: str
    title: str
    viewport: dict[str, Any]
    image_id: str
    app_id: str
    user_agent: str | None
    locale: str | None
    timezone: str | None
    idle_timeout: int
    max_lifetime: int
    watching_keeps_alive: bool
    on_crash: str
    restarts: int
    queue_position: int | None
    expires_at: datetime | None
    viewers: int
    controller: Holder | None
    tabs: tuple[TabFacts, ...]
    usage: UsageFacts
    resource_url: str | None
    cdp_url: str | None
    node: str


def moment(unix: float) -> datetime:
    return datetime.fromtimestamp(unix, UTC)


def flushed(live: LiveSession) -> dict[str, Any]:
    """What a running browser knows and its row should: the row's fields by name."""
    tab, earlier = live.active_tab, _earlier.get(live.id, {})
    known = {name: getattr(live.usage, name) + earlier.get(name, 0) for name in _COUNTED}
    known |= {"last_activity_at": moment(live.last_activity_at), "expires_at": moment(live.expires_at)}
    # Until its first page is there, the row says more: the address that it is on its way to.
    if live.usage.pages_visited:
        # PostgreSQL keeps no NUL, and a page may give itself any title.
        known |= {"url": tab.url, "title": tab.title.replace("\0", "\ufffd")}
    return known


def cpu_seconds(live: LiveSession) -> float:
    """For a thread: it asks the kernel about every process of the browser."""
    return live.cpu_seconds + _earlier.get(live.id, {}).get("cpu_seconds", 0)


def keep_earlier(row: Session) -> None:
    """Another browser takes over; what its row knows to have been used goes on from there."""
    _earlier[row.id] = {name: getattr(row, name) for name in (*_COUNTED, "cpu_seconds")}


def forget_earlier(session_id: str) -> None:
    _earlier.pop(session_id, None)


def session_facts(row: Session, actor: Actor, *, labels: Mapping[str, str] | None = None) -> SessionFacts:
    """Reads nothing from the database: `row` has its labels with it, or `labels` gives them."""
    status = SessionStatus(row.status)
    live = lookup.live_or_none(row.id) if status == SessionStatus.RUNNING else None
    if live:
        for field, value in flushed(live).items():
            setattr(row, field, value)
    if labels is None:
        labels = selectors.labels_of(row)
    operates = actor.can(Right.STEER)
    return SessionFacts(
        **vars(launch_facts(row)),
        id=row.id,
        name=row.name,
        status=status,
        labels=dict(sorted(labels.items())),
        created_at=row.created_at,
        created_by=row.created_by,
        started_at=row.started_at,
        last_activity_at=row.last_activity_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason or None,
        error=row.error or None,
        url=row.url,
        title=row.title,
        viewport=dict(vars(live.viewport)) if live else row.viewport,
        image_id=row.image_id,
        app_id=APP_ID,
        user_agent=row.user_agent or None,
        locale=row.locale or None,
        timezone=row.timezone or None,
        idle_timeout=row.idle_timeout,
        max_lifetime=row.max_lifetime,
        watching_keeps_alive=row.watching_keeps_alive,
        on_crash=row.on_crash,
        restarts=row.restarts,
        # Of a row that was read by `selectors.sessions`.
        queue_position=getattr(row, "queue_position", None),
        expires_at=row.expires_at if not status.has_ended else None,
        viewers=live.viewer_count if live else 0,
        controller=live.controller if live else None,
        tabs=live.tabs if live else (),
        usage=_usage(row),
        resource_url=None
        if status.has_ended
        else addresses.resource_url(actor, row, "control" if operates else "view"),
        cdp_url=addresses.cdp_url(actor, row) if operates and not status.has_ended else None,
        node=row.node_id,
    )


def _usage(row: Session) -> UsageFacts:
    until = row.ended_at or timezone.now()
    return UsageFacts(
        seconds=round(max(0.0, (until - row.started_at).total_seconds()), 3) if row.started_at else 0.0,
        pages_visited=row.pages_visited,
        actions=row.actions,
        frames=row.frames,
        bytes_sent=row.bytes_sent,
        cpu_seconds=round(row.cpu_seconds, 2),
    )
