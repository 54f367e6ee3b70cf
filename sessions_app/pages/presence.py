"""Who is in a session now, and who could come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import presence
from sessions_app.services.errors import Conflict

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@signed_in()
async def who(request: PageRequest, session_id: str) -> HttpResponse:
    try:
        found = await presence.of_session(request.actor, session_id)
    except Conflict as waiting:
        context = {"session_id": session_id, "waiting": waiting.code}
        return page(request, "sessions/_presence.html", context)
    return page(request, "sessions/_presence.html", {"session_id": session_id, "presence": found})
