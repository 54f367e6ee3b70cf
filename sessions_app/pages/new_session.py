"""The page that starts a session, also one like another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.pages.session_form import NewSessionForm
from sessions_app.services import alike, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Invalid, LaunchFailed, QuotaExceeded, SessionEnded

if TYPE_CHECKING:
    from django.http import HttpResponse

    from sessions_app.services.new_session import NewSession


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.CHANGE)
async def new(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _form(request)
    form = NewSessionForm(request.POST)
    failed, status = "", 422
    if form.is_valid():
        try:
            created = await sessions.create(request.actor, await _asked(request, form))
            return HttpResponseRedirect(reverse("session", args=[created.id]))
        except Invalid as error:
            form.refuse(error)
        except (Conflict, LaunchFailed, QuotaExceeded, SessionEnded) as error:
            failed, status = error.detail, error.status
    return await _rendered(request, {"form": form, "failed": failed}, status)


async def _asked(request: PageRequest, form: NewSessionForm) -> NewSession:
    asked, like_id = form.asked(), form.cleaned_data["like"]
    if not like_id:
        return asked
    scripts = form.cleaned_data["init_scripts"]
    return await alike.with_secrets_of(request.actor, like_id, asked, scripts=scripts)


async def _form(request: PageRequest) -> HttpResponse:
    like_id = request.GET.get("like", "")
    like = await sessions.get(request.actor, like_id) if like_id else None
    return await _rendered(request, {"form": NewSessionForm(like=like), "like": like})


async def _rendered(request: PageRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """In a thread: the loop must not wait for thirty fields."""
    return await asyncio.to_thread(page, request, "sessions/new.html", context, status=status)
