"""A session's live links: made, shown once, listed and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.models import LinkRole
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import links, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

    from sessions_app.models import LiveLink
    from sessions_app.services.actors import Actor

LIFETIMES = {900: "15 minutes", 3600: "1 hour", 8 * 3600: "8 hours", 24 * 3600: "24 hours"}
_LISTED = 100


async def standing(actor: Actor, session_id: str) -> list[LiveLink]:
    """Those that still open something."""
    found = await links.list_links(actor, session_id, limit=_LISTED)
    now = timezone.now()
    return [
        link
        for link in found.items
        if not link.revoked_at and link.expires_at > now and not (link.one_time and link.used_at)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.CHANGE)
async def listing(request: PageRequest, session_id: str) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, session_id)
    role, ttl = request.POST.get("role", ""), request.POST.get("ttl", "")
    if role not in LinkRole.values:
        raise Invalid("Choose whether the link lets people view or control.", field="role")
    if ttl not in map(str, LIFETIMES):
        raise Invalid("Choose how long the link is to last.", field="ttl")
    made = await links.create(
        request.actor,
        session_id,
        role="control" if role == LinkRole.CONTROL else "view",
        ttl=int(ttl),
        one_time="one_time" in request.POST,
    )
    return await _answer(request, session_id, made=made)


@require_POST
@signed_in(Right.CHANGE)
async def revoke(request: PageRequest, session_id: str, link_id: str) -> HttpResponse:
    await links.revoke(request.actor, session_id, link_id)
    return await _answer(request, session_id)


@require_POST
@signed_in(Right.CHANGE)
async def revoke_all(request: PageRequest, session_id: str) -> HttpResponse:
    """The session's own addresses too: the answer shows the new ones."""
    await links.revoke_all(request.actor, session_id)
    return await _answer(request, session_id)


async def _answer(
    request: PageRequest, session_id: str, *, made: links.NewLink | None = None
) -> HttpResponse:
    session = await sessions.get(request.actor, session_id)
    context = {
        "session": session,
        "operates": True,
        "lifetimes": LIFETIMES,
        "links": await standing(request.actor, session_id),
        "made": made,
    }
    return page(request, "sessions/_addresses.html", context)
