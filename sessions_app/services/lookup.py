"""From an id to the actor's own row, and from a row to its running browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async

from sessions_app import runtime, selectors
from sessions_app.models import Session, SessionStatus
from sessions_app.services import launches
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, SessionEnded, session_not_found

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from sessions_app.engine.session import LiveSession
    from sessions_app.services.actors import Actor


_known: WeakKeyDictionary[LiveSession, Session] = WeakKeyDictionary()


async def row(actor: Actor, session_id: str) -> Session:
    """The session alone; another project's is as unknown as one that never was."""
    return await sync_to_async(row_now)(actor, session_id)


def row_now(actor: Actor, session_id: str) -> Session:
    """The same, for a thread that reads more."""
    return _one(actor, Session.objects.filter(project_id=actor.project_id), session_id)


async def whole(actor: Actor, session_id: str) -> Session:
    """The session with all that its facts are made of."""
    return await sync_to_async(_one)(actor, selectors.sessions(actor.project_id), session_id)


def _one(actor: Actor, rows: QuerySet[Session], session_id: str) -> Session:
    actor.require(Right.SEE)
    try:
        return rows.get(pk=session_id)
    except Session.DoesNotExist:
        raise session_not_found(session_id) from None


async def running(actor: Actor, session_id: str) -> tuple[Session, LiveSession]:
    """The row as it was when a running browser was first asked for: for what never changes of it.

    A program that drives a browser asks for it with every call, and would wait for the database each time.
    """
    actor.require(Right.SEE)
    one = live_or_none(session_id)
    known = _known.get(one) if one and not one.is_closing else None
    if one and known and known.project_id == actor.project_id:
        return known, one
    found = await row(actor, session_id)
    one = live(found)
    _known[one] = found
    return found, one


def live(session: Session) -> LiveSession:
    """The running browser of `session`, or the reason why there is none."""
    if session.status == SessionStatus.QUEUED:
        raise Conflict(f"session not running yet: {session.id} (queued)", code="session_queued")
    if session.status == SessionStatus.STARTING:
        raise Conflict(f"session not running yet: {session.id} (starting)", code="session_starting")
    found = runtime.engine().find(session.id) if session.status == SessionStatus.RUNNING else None
    if found is None and session.status == SessionStatus.RUNNING and launches.is_under_way(session.id):
        raise Conflict(f"session not running yet: {session.id} (restarting)", code="session_starting")
    if found is None:
        raise SessionEnded(session.id, session.status, reason=session.end_reason)
    return found


def live_or_none(session_id: str) -> LiveSession | None:
    """For those that may also run beside the server, where no engine is."""
    try:
        return runtime.engine().find(session_id)
    except RuntimeError:
        return None


def touch(session_id: str) -> None:
    """A call that changes something is activity; reads are not, because lists repeat them for ever."""
    found = live_or_none(session_id)
    if found:
        found.touch()


def all_live() -> tuple[LiveSession, ...]:
    try:
        return runtime.engine().sessions
    except RuntimeError:
        return ()
