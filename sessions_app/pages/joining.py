"""Where an invitation leads: to a new login, or into a project with the login that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import auth
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sessions_app.pages.answers import page
from sessions_app.pages.second_step import BACKEND
from sessions_app.services import invitations, logins, people
from sessions_app.services.errors import Conflict, Invalid, Unauthenticated

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from sessions_app.models import User


@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "HEAD", "POST"])
async def invite(request: HttpRequest) -> HttpResponse:
    """The link's token stays in the address's fragment; the page sends it with its forms."""
    if request.method != "POST":
        return _page(request, state="opening")
    user = await request.auser()
    token = request.POST.get("token", "")
    try:
        offer = await invitations.read(token)
        if "accept" not in request.POST:
            return _page(request, offer=offer, token=token, user=user)
        if user.is_authenticated:
            return await _join(request, token, user)
        return await _make_login(request, token, offer)
    except Unauthenticated:
        return _page(request, state="refused", status=403)
    except Conflict as error:
        return _page(request, state="member", words=error.detail, status=409)


async def _join(request: HttpRequest, token: str, user: User) -> HttpResponse:
    project = await invitations.join(token, user)
    await request.session.aset(people.CHOSEN, project)
    return HttpResponseRedirect(reverse("sessions"))


async def _make_login(request: HttpRequest, token: str, offer: invitations.Offer) -> HttpResponse:
    asked = {"username": request.POST.get("username", "")}
    try:
        user = await logins.accept_invitation(
            token, username=asked["username"], password=request.POST.get("password", "")
        )
    except Invalid as error:
        errors = {error.field: error.detail}
        return _page(request, offer=offer, token=token, asked=asked, errors=errors, status=422)
    await auth.alogin(request, user, backend=BACKEND)
    return HttpResponseRedirect(reverse("sessions"))


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return page(request, "entry/invite.html", context, status=status)
