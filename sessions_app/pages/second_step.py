"""The second step of a login: the code of who has a second factor."""

from __future__ import annotations

import time
from secrets import compare_digest
from typing import TYPE_CHECKING, Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sessions_app.models import User
from sessions_app.pages.answers import failure, page
from sessions_app.services import second_factor
from sessions_app.services.errors import QuotaExceeded

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Under this name a visitor whose password was right is kept, until the code was right too.
_WAITING = "second_step"
_SECONDS = 300


def ask(request: HttpRequest, user: User, target: str) -> HttpResponse:
    request.session[_WAITING] = {
        "user": user.pk,
        # Dies with the password.
        "proof": user.get_session_auth_hash(),
        "until": time.time() + _SECONDS,
        "next": target,
    }
    return HttpResponseRedirect(reverse("login_code"))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Wrong codes count as wrong passwords do, and besides for the login alone, from wherever they come."""
    waiting = request.session.get(_WAITING, {})
    user = _who(waiting)
    if user is None:
        return HttpResponseRedirect(reverse("login"))
    if request.method != "POST":
        return _page(request)
    credentials: dict[str, Any] = {"username": user.get_username(), "second_factor": True}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return get_lockout_response(request, credentials=credentials)  # type: ignore[no-any-return]
    try:
        right = second_factor.check(user, request.POST.get("code", "")[:64])
    except QuotaExceeded as error:
        return failure(request, error)
    if not right:
        user_login_failed.send(__name__, credentials=credentials, request=request)
        return _page(request, wrong=True, status=422)
    del request.session[_WAITING]
    auth.login(request, user, backend=BACKEND)
    return HttpResponseRedirect(waiting["next"])


def _who(waiting: dict[str, Any]) -> User | None:
    if waiting.get("until", 0) < time.time():
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    return user if user and compare_digest(user.get_session_auth_hash(), waiting["proof"]) else None


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return page(request, "entry/code.html", context, status=status)
