"""Tickets: each opens one viewer socket, once, soon."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from pybase64 import b64decode

from sessions_app.engine.errors import EngineError
from sessions_app.models import ApiKey, LiveLink, Session
from sessions_app.services import addresses, lookup, people, tokens
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Unauthenticated

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor

ViewerRole = Literal["view", "control"]
LIFETIME = 60
# A page whose dialog is open, or that is busy, gives no picture until it goes on.
SCREENSHOT_LIMIT = 5.0


@dataclass(frozen=True, kw_only=True)
class Ticket:
    url: str
    role: ViewerRole
    expires_in: int = LIFETIME


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What a ticket stands for: who may attach to which session, and through which right.

    `link_id` is the session's own id for its resource_url; `max_viewers` bounds the viewers with the same `link_id`.
    """

    session_id: str
    role: ViewerRole
    name: str
    kind: Literal["person", "program"]
    operator: bool = False
    origin_required: bool = True
    link_id: str | None = None
    max_viewers: int | None = None
    link_epoch: int | None = None
    key_id: str | None = None
    user_id: str | None = None


async def make_ticket(
    actor: Actor, session_id: str, role: ViewerRole, *, origin_required: bool, base_url: str = ""
) -> Ticket:
    """`base_url` is the origin of the page that will open the socket; programs need none."""
    actor.require(Right.STEER if role == "control" else Right.SEE)
    row, live = await lookup.running(actor, session_id)
    live.touch()
    admission = Admission(
        session_id=row.id,
        role=role,
        name=actor.name,
        kind="person" if actor.kind == "person" else "program",
        operator=actor.kind == "person" and actor.can(Right.STEER),
        origin_required=origin_required,
        key_id=actor.key_id,
        user_id=actor.user_id,
    )
    return await issue(row, admission, base_url=base_url)


async def issue(session: Session, admission: Admission, *, base_url: str = "") -> Ticket:
    ticket = tokens.new_secret()
    await cache.aset(_cache_key(ticket), admission, LIFETIME)
    url = addresses.websocket_url(f"/ws/live/{session.id}?ticket={ticket}", base_url=base_url)
    return Ticket(url=url, role=admission.role)


async def redeem(session_id: str, ticket: str, *, has_origin: bool) -> Admission:
    """Uses the ticket up, whatever comes of it; raises Unauthenticated."""
    key = _cache_key(ticket)
    admission: Admission | None = await cache.aget(key)
    # Of two at once only one deletes it.
    if admission is None or not await cache.adelete(key):
        raise Unauthenticated("The ticket is unknown, used or expired.")
    if admission.session_id != session_id or (admission.origin_required and not has_origin):
        raise Unauthenticated("The ticket is for another door.")
    if not await _still_stands(admission):
        raise Unauthenticated("The right behind the ticket was revoked.")
    return admission


async def thumbnail(actor: Actor, session_id: str, *, width: int = 320) -> bytes:
    """A JPEG of the active tab as it is now."""
    _, live = await lookup.running(actor, session_id)
    try:
        return await live.thumbnail(width=width)
    except EngineError as error:
        raise Conflict(str(error), code="no_picture") from error


async def screenshot(actor: Actor, session_id: str, *, limit: float = SCREENSHOT_LIMIT) -> bytes:
    """A PNG of what the active tab shows, in the page's own pixels."""
    _, live = await lookup.running(actor, session_id)
    if live.active_tab.crashed:
        raise Conflict("The tab has crashed.", code="no_picture")
    try:
        async with asyncio.timeout(limit):
            reply = await live.active.call("Page.captureScreenshot", {"format": "png"})
    except TimeoutError as error:
        raise Conflict(f"The page gave no picture within {limit:g} seconds.", code="no_picture") from error
    except EngineError as error:
        raise Conflict(f"The page gave no picture: {error}.", code="no_picture") from error
    return b64decode(reply["data"])


async def _still_stands(admission: Admission) -> bool:
    """Everything that the ticket rests on: a session's own address, and maybe the key that was shown it, or a link."""
    if not (admission.link_id or admission.key_id or admission.user_id):
        return True
    sessions = Session.objects.filter(pk=admission.session_id)
    if admission.link_epoch is not None:
        sessions = sessions.filter(link_epoch=admission.link_epoch)
    elif admission.link_id:
        sessions = sessions.filter(
            Exists(LiveLink.objects.filter(tokens.standing(), pk=admission.link_id, session=OuterRef("pk")))
        )
    if admission.key_id:
        sessions = sessions.filter(Exists(ApiKey.objects.filter(tokens.standing(), pk=admission.key_id)))
    if admission.user_id:
        sessions = sessions.filter(people.is_member(admission.user_id, operates=admission.role == "control"))
    return await sessions.aexists()


def _cache_key(ticket: str) -> str:
    return f"ticket:{tokens.digest(ticket)}"
