"""Who belongs to a project, and as what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import Membership, Project, Role, User
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services import audit, sockets
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, NotFound, project_not_found
from sessions_app.services.lists import read_page

if TYPE_CHECKING:
    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor


def _check(actor: Actor, project_id: str) -> None:
    actor.require(Right.MANAGE_MEMBERS)
    if project_id != actor.project_id and not actor.administers_server:
        raise project_not_found(project_id)


async def list_members(
    actor: Actor, project_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[Membership]:
    """Newest first."""
    _check(actor, project_id)
    if not await Project.objects.filter(pk=project_id).aexists():
        raise project_not_found(project_id)
    rows = Membership.objects.filter(project_id=project_id).select_related("user")
    return await read_page(selectors.latest_page, rows, limit=limit, cursor=cursor)


async def put(actor: Actor, project_id: str, username: str, *, role: Role) -> Membership:
    """Whoever has a login comes in with this role, or has this role from now on."""
    _check(actor, project_id)
    member = await sync_to_async(_put)(actor, project_id, username, role)
    await sockets.cut_fallen()
    return member


@transaction.atomic
def _put(actor: Actor, project_id: str, username: str, role: Role) -> Membership:
    _take_turns(project_id)
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(f"no such login: {username}", code="user_not_found")
    if role != Role.ADMIN:
        _check_not_last(project_id, user)
    Membership.objects.update_or_create(
        user=user,
        project_id=project_id,
        defaults={"role": role},
        create_defaults={"role": role, "created_at": timezone.now()},
    )
    audit.write(replace(actor, project_id=project_id), "member.put", user.username, role=role)
    return Membership.objects.select_related("user").get(user=user, project_id=project_id)


async def remove(actor: Actor, project_id: str, username: str) -> None:
    """At once: what this person watches in the project is closed."""
    _check(actor, project_id)
    await sync_to_async(_remove)(actor, project_id, username)
    await sockets.cut_fallen()


@transaction.atomic
def _remove(actor: Actor, project_id: str, username: str) -> None:
    _take_turns(project_id)
    found = Membership.objects.filter(project_id=project_id, user__username=username)
    member = found.select_related("user").first()
    if member is None:
        raise NotFound(f"no such member: {username}", code="member_not_found")
    _check_not_last(project_id, member.user)
    found.delete()
    audit.write(replace(actor, project_id=project_id), "member.removed", username)


def _take_turns(project_id: str) -> None:
    """Locks the project's row: two administrators at once could otherwise take each other out."""
    if not Project.objects.filter(pk=project_id).update(name=F("name")):
        raise project_not_found(project_id)


def _check_not_last(project_id: str, user: User) -> None:
    """Somebody has to be left who can look after the server."""
    if project_id != DEFAULT_PROJECT:
        return
    admins = Membership.objects.filter(project_id=project_id, role=Role.ADMIN, user__is_active=True)
    if admins.filter(user=user).exists() and not admins.exclude(user=user).exists():
        raise Conflict(f"{user.username} is the last administrator.", code="last_administrator")
