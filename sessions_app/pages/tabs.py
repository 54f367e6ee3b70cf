"""The tabs of a session's browser: listed, opened, brought to the front and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import tabs
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

    from sessions_app.engine.tab import TabFacts


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
async def listing(request: PageRequest, session_id: str) -> HttpResponse:
    if request.method == "POST":
        return await _open(request, session_id)
    return page(request, "sessions/_tab_list.html", await _context(request, session_id))


@require_POST
@signed_in(Right.CHANGE)
async def activate(request: PageRequest, session_id: str, tab: int) -> HttpResponse:
    await tabs.activate(request.actor, session_id, tab)
    return page(request, "sessions/_tab_list.html", await _context(request, session_id))


@require_POST
@signed_in(Right.CHANGE)
async def close(request: PageRequest, session_id: str, tab: int) -> HttpResponse:
    await tabs.close(request.actor, session_id, tab)
    return page(request, "sessions/_tab_list.html", await _context(request, session_id))


async def _open(request: PageRequest, session_id: str) -> HttpResponse:
    url = request.POST.get("url", "").strip()
    try:
        await tabs.open_tab(request.actor, session_id, url=url)
    except (Conflict, Invalid) as error:
        refused = {"url": url, "error": capfirst(error.detail)}
        context = await _context(request, session_id)
        return page(request, "sessions/_tabs.html", {**context, "refused": refused}, status=422)
    return page(request, "sessions/_tabs.html", await _context(request, session_id))


async def _context(request: PageRequest, session_id: str) -> dict[str, object]:
    try:
        found: tuple[TabFacts, ...] = await tabs.list_tabs(request.actor, session_id)
    except Conflict:
        # It waits for its browser.
        found = ()
    return {"session_id": session_id, "operates": request.actor.can(Right.CHANGE), "tabs": found}
