"""Live links: addresses that let whoever has them watch or steer, with no login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import ApiKey, LinkRole, LiveLink, Session, SessionStatus
from sessions_app.models.session import MAX_SECONDS
from sessions_app.services import addresses, audit, errors, lookup, tokens
from sessions_app.services.actors import Right
from sessions_app.services.lists import read_page
from sessions_app.services.viewing import Admission, Ticket, issue

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor
    from sessions_app.services.viewing import ViewerRole

DEFAULT_TTL = 3600
MAX_LINK_VIEWERS = 1000
_UNKNOWN = "It may be wrong, or not all of its address was copied."


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """A link with its address, which is shown this once."""

    link: LiveLink
    url: str


async def create(
    actor: Actor,
    session_id: str,
    *,
    role: ViewerRole,
    ttl: int = DEFAULT_TTL,
    max_viewers: int | None = None,
    one_time: bool = False,
) -> NewLink:
    actor.require(Right.SEE if role == "view" else Right.STEER)
    if not 1 <= ttl <= MAX_SECONDS:
        raise errors.Invalid(f"not within 1 and {MAX_SECONDS} seconds", field="ttl")
    if max_viewers is not None and not 1 <= max_viewers <= MAX_LINK_VIEWERS:
        raise errors.Invalid(f"not within 1 and {MAX_LINK_VIEWERS}", field="max_viewers")
    row = await lookup.row(actor, session_id)
    lookup.live(row).touch()
    secret, now = tokens.new_secret(), timezone.now()
    link = LiveLink(
        session=row,
        role=LinkRole(role),
        digest=tokens.digest(secret),
        created_at=now,
        created_by=actor.name,
        expires_at=now + timedelta(seconds=ttl),
        max_viewers=max_viewers,
        one_time=one_time,
    )
    await sync_to_async(_insert)(actor, link)
    return NewLink(link=link, url=addresses.live_url(link.id, secret))


@transaction.atomic
def _insert(actor: Actor, link: LiveLink) -> None:
    link.save(force_insert=True)
    audit.write(actor, "link.created", link.id, session=link.session_id, role=link.role)


async def list_links(
    actor: Actor, session_id: str, *, limit: int = 50, cursor: str | None = None
) -> selectors.Page[LiveLink]:
    """Newest first."""
    row = await lookup.row(actor, session_id)
    return await read_page(
        selectors.newest_page, LiveLink.objects.filter(session=row), limit=limit, cursor=cursor
    )


async def revoke(actor: Actor, session_id: str, link_id: str) -> None:
    """Also closes the sockets that came through it."""
    actor.require(Right.CHANGE)
    row = await lookup.row(actor, session_id)
    links = LiveLink.objects.filter(pk=link_id, session=row)
    if not await links.aexists():
        raise errors.NotFound(f"live link not found: {link_id}", code="link_not_found")
    await sync_to_async(_revoke)(actor, row, link_id)
    live = lookup.live_or_none(row.id)
    if live:
        live.touch()
        live.disconnect_viewers(link_id=link_id)


@transaction.atomic
def _revoke(actor: Actor, row: Session, link_id: str) -> None:
    if LiveLink.objects.filter(pk=link_id, revoked_at=None).update(revoked_at=timezone.now()):
        audit.write(actor, "link.revoked", link_id, session=row.pk)


async def revoke_all(actor: Actor, session_id: str) -> None:
    """Every live link, and the session's own addresses: those it shows from now on are new."""
    actor.require(Right.CHANGE)
    row = await lookup.row(actor, session_id)
    ids = await sync_to_async(_revoke_all)(actor, row)
    live = lookup.live_or_none(row.id)
    if live:
        live.touch()
        for link_id in [row.id, *ids]:
            live.disconnect_viewers(link_id=link_id)
        # Whatever was told the old cdp_url.
        live.detach_cdp_clients()


@transaction.atomic
def _revoke_all(actor: Actor, row: Session) -> list[str]:
    Session.objects.filter(pk=row.pk).update(link_epoch=F("link_epoch") + 1)
    standing = LiveLink.objects.filter(session=row, revoked_at=None)
    ids = list(standing.values_list("pk", flat=True))
    LiveLink.objects.filter(pk__in=ids).update(revoked_at=timezone.now())
    audit.write(actor, "links.revoked", row.pk, links=len(ids))
    return ids


async def exchange(link_id: str, token: str, *, base_url: str = "") -> Ticket:
    """A ticket for a link's token; `link_id` is a live link's or, for a resource_url, the session's own."""
    if link_id.startswith("ses_"):
        return await _exchange_own(link_id, token, base_url)
    link = await LiveLink.objects.select_related("session").filter(pk=link_id).afirst()
    if not tokens.matches(token, link.digest if link else None) or link is None:
        raise errors.NotFound(_UNKNOWN, code="link_not_found")
    _check_stands(link)
    lookup.live(link.session)
    if link.one_time and not await LiveLink.objects.filter(pk=link.pk, used_at=None).aupdate(
        used_at=timezone.now()
    ):
        raise errors.LinkGone("This link was for one use and has been used.", code="link_used")
    admission = Admission(
        session_id=link.session_id,
        role="control" if link.role == LinkRole.CONTROL else "view",
        name="Guest",
        kind="person",
        link_id=link.id,
        max_viewers=link.max_viewers,
    )
    return await issue(link.session, admission, base_url=base_url)


async def _exchange_own(session_id: str, token: str, base_url: str) -> Ticket:
    row = await Session.objects.filter(pk=session_id).afirst()
    role = _role_of(row, token) if row else None
    if row is None or role is None:
        raise errors.NotFound(_UNKNOWN, code="link_not_found")
    key_id = await _key_behind(token)
    lookup.live(row)
    admission = Admission(
        session_id=row.id,
        role=role,
        name="Guest",
        kind="person",
        link_id=row.id,
        link_epoch=row.link_epoch,
        key_id=key_id,
    )
    return await issue(row, admission, base_url=base_url)


async def check_cdp_token(session_id: str, token: str) -> tuple[Session, str | None]:
    """The session that a CDP client may drive, and the id of the key that it comes by."""
    row = await Session.objects.filter(pk=session_id).afirst()
    if row is None:
        raise errors.session_not_found(session_id)
    if not tokens.is_session_token(token, row, "cdp"):
        raise errors.Unauthenticated("The token is not this session's.")
    try:
        key_id = await _key_behind(token)
    except errors.LinkGone as error:
        raise errors.Unauthenticated(error.detail) from None
    lookup.live(row)
    return row, key_id


async def _key_behind(token: str) -> str | None:
    """The id of the standing key that one of the session's own tokens is bound to, if it is to any."""
    prefix = tokens.key_prefix(token)
    if not prefix:
        return None
    key = await ApiKey.objects.filter(tokens.standing(), prefix=prefix).afirst()
    if key is None:
        raise errors.LinkGone("The key that was given this address no longer stands.", code="link_revoked")
    return key.id


def _check_stands(link: LiveLink) -> None:
    if link.revoked_at:
        raise errors.LinkGone("This link was revoked.", code="link_revoked")
    if link.expires_at <= timezone.now():
        raise errors.LinkGone("This link has expired.", code="link_expired")
    if link.session.status not in (SessionStatus.QUEUED, SessionStatus.STARTING, SessionStatus.RUNNING):
        raise errors.SessionEnded(link.session_id, link.session.status, reason=link.session.end_reason)


def _role_of(row: Session, token: str) -> ViewerRole | None:
    roles: tuple[ViewerRole, ...] = ("control", "view")
    found = [role for role in roles if tokens.is_session_token(token, row, role)]
    return found[0] if found else None
