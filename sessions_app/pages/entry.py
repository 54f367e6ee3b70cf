"""Getting in and out: the one-time setup, login and logout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.pages import second_step
from sessions_app.pages.answers import page
from sessions_app.services import logins, second_factor, sign_ins
from sessions_app.services.errors import Invalid, Unauthenticated
from sessions_app.services.peers import is_local

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Plain Django in a thread of its own: password hashing takes its time, and django-axes is not asynchronous."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = settings.LOGIN_REDIRECT_URL
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = AuthenticationForm(request, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = form.get_user()
        if second_factor.is_on(user):
            return second_step.ask(request, user, target)
        auth.login(request, user)
        return HttpResponseRedirect(target)
    status = 422 if form.is_bound else 200
    return page(request, "entry/login.html", {"form": form, "next": target}, status=status)


@require_POST
async def logout(request: HttpRequest) -> HttpResponse:
    user = await request.auser()
    await auth.alogout(request)
    if user.is_authenticated:
        sign_ins.ask_again(user)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "HEAD", "POST"])
async def setup(request: HttpRequest) -> HttpResponse:
    """The first login. The link's token stays in the address's fragment; the page sends it with the form."""
    if not await logins.needs_setup():
        return _setup_page(request, state="done", status=410)
    if not is_local(request.META.get("REMOTE_ADDR", ""), request.headers):
        return _setup_page(request, state="remote", status=403)
    if request.method != "POST":
        return _setup_page(request)
    asked = {name: request.POST.get(name, "") for name in ("token", "username")}
    try:
        user = await logins.accept_invitation(
            asked["token"], username=asked["username"], password=request.POST.get("password", "")
        )
    except Unauthenticated:
        return _setup_page(request, state="refused", status=403)
    except Invalid as error:
        return _setup_page(request, asked=asked, errors={error.field: error.detail}, status=422)
    await auth.alogin(request, user, backend=second_step.BACKEND)
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


def _setup_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return page(request, "entry/setup.html", context, status=status)
