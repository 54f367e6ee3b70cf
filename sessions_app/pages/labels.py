"""A session's labels, edited where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_POST

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import labels
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@signed_in(Right.CHANGE)
async def put(request: PageRequest, session_id: str) -> HttpResponse:
    """Adds a label, or changes the one that has this key."""
    key, value = (request.POST.get(name, "").strip() for name in ("key", "value"))
    context: dict[str, object] = {"session_id": session_id, "operates": True}
    try:
        after = await labels.merge(request.actor, session_id, labels={key: value})
    except Invalid as error:
        before = await labels.get(request.actor, session_id)
        refused = {"key": key, "value": value, "error": error.detail}
        return page(
            request,
            "sessions/_labels.html",
            {**context, "labels": before, "refused": refused, "refused_is_new": key not in before},
            status=422,
        )
    return page(request, "sessions/_labels.html", {**context, "labels": after})


@require_POST
@signed_in(Right.CHANGE)
async def remove(request: PageRequest, session_id: str) -> HttpResponse:
    after = await labels.merge(request.actor, session_id, labels={request.POST.get("key", ""): None})
    context = {"session_id": session_id, "operates": True, "labels": after}
    return page(request, "sessions/_labels.html", context)
