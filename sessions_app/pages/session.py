"""One session: its live view and what there is to know and do beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from sessions_app.models import EndReason
from sessions_app.pages.answers import json, page, problem_of
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.pages.links import LIFETIMES, standing
from sessions_app.pages.snippets import of_session as snippets_of
from sessions_app.pages.uses import of_session as uses_of
from sessions_app.services import ending, sessions, viewing
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, ServiceError, SessionEnded

if TYPE_CHECKING:
    from sessions_app.services.facts import SessionFacts


@require_safe
@signed_in()
async def show(request: PageRequest, session_id: str) -> HttpResponse:
    session = await sessions.get(request.actor, session_id)
    links = [] if session.status.has_ended else await standing(request.actor, session_id)
    context = {
        **_context(request, session),
        "links": links,
        "lifetimes": LIFETIMES,
        "snippets": snippets_of(session),
    }
    return page(request, "sessions/show.html", context)


@require_safe
@signed_in()
async def facts(request: PageRequest, session_id: str) -> HttpResponse:
    """Asked again and again; the last answer, once the session has ended, takes the whole panel's place."""
    session = await sessions.get(request.actor, session_id)
    if not session.status.has_ended:
        return page(request, "sessions/_following.html", _context(request, session))
    response = page(request, "sessions/_panel.html", _context(request, session))
    response["HX-Retarget"] = "#panel"
    return response


@require_POST
@signed_in(Right.CHANGE)
async def release(request: PageRequest, session_id: str) -> HttpResponse:
    await sessions.release(request.actor, session_id)
    return HttpResponse(status=204, headers={"HX-Trigger": "session-released"})


@require_POST
@signed_in()
async def ticket(request: PageRequest, session_id: str) -> HttpResponse:
    role: viewing.ViewerRole = "control" if request.actor.can(Right.STEER) else "view"
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        made = await viewing.make_ticket(
            request.actor, session_id, role, origin_required=True, base_url=origin
        )
    except ServiceError as error:
        return problem_of(error)
    return json({"url": made.url, "role": made.role, "expires_in": made.expires_in})


@require_safe
@signed_in()
async def thumbnail(request: PageRequest, session_id: str) -> HttpResponse:
    try:
        picture = await viewing.thumbnail(request.actor, session_id)
    except (Conflict, SessionEnded):
        return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=10"})


@require_safe
@signed_in()
async def screenshot(request: PageRequest, session_id: str) -> HttpResponse:
    picture = await viewing.screenshot(request.actor, session_id)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "no-store"})


def _context(request: PageRequest, session: SessionFacts) -> dict[str, object]:
    return {
        "session": session,
        "operates": request.actor.can(Right.STEER),
        "uses": uses_of(session.id),
        "reason": ending.FAREWELLS[EndReason(session.end_reason)] if session.end_reason else "",
    }
