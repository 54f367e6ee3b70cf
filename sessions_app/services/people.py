"""People: which projects they belong to, and as whom they act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions_app.models import Membership
from sessions_app.services.actors import Actor
from sessions_app.services.errors import Forbidden

if TYPE_CHECKING:
    from sessions_app.models import User


async def actor_of(user: User, *, project_id: str = "") -> Actor:
    """The person in the project that was chosen, or else in the first one joined."""
    members = Membership.objects.filter(user=user).select_related("user").order_by("created_at", "id")
    found = await members.filter(project_id=project_id).afirst() if project_id else None
    member = found or await members.afirst()
    if member is None:
        raise Forbidden(f"{user.get_username()} belongs to no project.", code="no_project")
    return Actor.of_member(member)
