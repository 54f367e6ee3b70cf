"""People: which projects they belong to, and as whom they act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from sessions_app.models import Membership, Role
from sessions_app.services.actors import Actor
from sessions_app.services.errors import Forbidden, project_not_found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.models import User

# Under this name a login keeps which of several projects was chosen last.
CHOSEN = "project"


async def memberships(user: User) -> list[Membership]:
    """The first one joined comes first."""
    members = Membership.objects.filter(user=user).select_related("user", "project")
    return [member async for member in members.order_by("created_at", "id")]


def member_in(members: Sequence[Membership], project_id: str) -> Membership:
    """Another project than one's own is as unknown as one that never was."""
    found = next((member for member in members if member.project_id == project_id), None)
    if found is None:
        raise project_not_found(project_id)
    return found


def chosen(user: User, members: Sequence[Membership], project_id: str) -> Actor:
    """The person in the project that was chosen, or else in the first one joined."""
    if not members:
        raise Forbidden(f"{user.get_username()} belongs to no project.", code="no_project")
    found = next((member for member in members if member.project_id == project_id), members[0])
    return Actor.of_member(found)


async def actor_of(user: User, *, project_id: str = "") -> Actor:
    return chosen(user, await memberships(user), project_id)


def is_member(user_id: str, *, operates: bool) -> Exists:
    """For a query of sessions: those of the projects where this person may look, or also steer."""
    members = Membership.objects.filter(user_id=user_id, user__is_active=True, project=OuterRef("project_id"))
    return Exists(members.filter(role__in=[Role.OPERATOR, Role.ADMIN]) if operates else members)
