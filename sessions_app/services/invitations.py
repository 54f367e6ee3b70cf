"""Invitations: one-time links that make a login, or let one that is there into a project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import Invitation, Membership, Role
from sessions_app.services import addresses, audit, logins, tokens
from sessions_app.services.actors import Actor, Right
from sessions_app.services.errors import Conflict, Invalid, NotFound, Unauthenticated
from sessions_app.services.lists import read_page
from sessions_app.services.names import MAX_NAME

if TYPE_CHECKING:
    from sessions_app.models import User
    from sessions_app.selectors import Page

MAX_DAYS = 30


@dataclass(frozen=True)
class Offer:
    """What somebody who has the link is told of it."""

    project: str
    role: Role
    by: str
    until: datetime


async def create(actor: Actor, *, role: Role, days: int, note: str = "") -> tuple[Invitation, str]:
    """The row, and the address, which is not kept."""
    actor.require(Right.MANAGE_MEMBERS)
    note = note.strip()
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(f"1 to {MAX_DAYS} days", field="days")
    if len(note) > MAX_NAME or not note.isprintable():
        raise Invalid(f"one line of at most {MAX_NAME} characters", field="note")
    secret, now = tokens.new_secret(), timezone.now()
    row = Invitation(
        project_id=actor.project_id,
        role=role,
        note=note,
        digest=tokens.digest(secret),
        created_at=now,
        created_by=actor.name,
        expires_at=now + timedelta(days=days),
    )
    await sync_to_async(_insert)(actor, row)
    return row, addresses.public_url(f"/invite#{secret}")


@transaction.atomic
def _insert(actor: Actor, row: Invitation) -> None:
    row.save(force_insert=True)
    audit.write(actor, "invitation.created", str(row.pk), role=row.role, note=row.note)


async def page(actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[Invitation]:
    """Newest first; those that were used or ran out too, for a day."""
    actor.require(Right.MANAGE_MEMBERS)
    rows = Invitation.objects.filter(project_id=actor.project_id)
    return await read_page(selectors.latest_page, rows, limit=limit, cursor=cursor)


async def revoke(actor: Actor, invitation_id: int) -> None:
    actor.require(Right.MANAGE_MEMBERS)
    await sync_to_async(_revoke)(actor, invitation_id)


@transaction.atomic
def _revoke(actor: Actor, invitation_id: int) -> None:
    own = Invitation.objects.filter(project_id=actor.project_id, pk=invitation_id)
    if own.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now()):
        audit.write(actor, "invitation.revoked", str(invitation_id))
    elif not own.exists():
        raise NotFound(f"invitation not found: {invitation_id}", code="invitation_not_found")


async def read(token: str) -> Offer:
    """Raises Unauthenticated for a link that is unknown, used, revoked or expired."""
    row = await logins.standing(token).afirst()
    if row is None:
        raise Unauthenticated("This link is unknown, used or expired.")
    return Offer(row.project.name, Role(row.role), row.created_by, row.expires_at)


async def join(token: str, user: User) -> str:
    """The project that this login belongs to from now on. Raises Unauthenticated, Conflict."""
    return await sync_to_async(_join)(token, user)


@transaction.atomic
def _join(token: str, user: User) -> str:
    # Who belongs to it already gives the link back unused.
    invitation = logins.claim(token, user.get_username())
    member, is_new = Membership.objects.select_related("user").get_or_create(
        user=user,
        project_id=invitation.project_id,
        defaults={"role": invitation.role, "created_at": timezone.now()},
    )
    if not is_new:
        raise Conflict(
            f"{user.get_username()} belongs to this project already, as {member.role}.", code="already_member"
        )
    audit.write(Actor.of_member(member), "invitation.accepted", user.get_username())
    return invitation.project_id
