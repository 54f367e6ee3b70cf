"""Who may see a page: people with a login, each as far as the role reaches."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from sessions_app.pages.answers import failure
from sessions_app.services import people, sign_ins
from sessions_app.services.actors import Actor, Right
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from django_htmx.middleware import HtmxDetails

    from sessions_app.models import Project, User

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request that has come past `signed_in`."""

    user: User
    actor: Actor
    # Those that the person may choose from.
    projects: list[Project]
    htmx: HtmxDetails


if TYPE_CHECKING:
    View = Callable[Concatenate[PageRequest, P], Coroutine[Any, Any, HttpResponse]]
    Guarded = Callable[Concatenate[HttpRequest, P], Coroutine[Any, Any, HttpResponse]]


def signed_in(right: Right = Right.SEE) -> Callable[[View[P]], Guarded[P]]:
    """Others are sent to the login; whatever a service refuses becomes its answer."""

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        async def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = await request.auser()
            if not user.is_authenticated:
                return _to_login(request)
            # Templates read it; left lazy, it would ask the database in the middle of the loop.
            request.user = user
            await sign_ins.see(request.session.session_key)
            try:
                members = await people.memberships(user)
                request.projects = [member.project for member in members]
                project = await request.session.aget(people.CHOSEN, "")
                request.actor = people.chosen(user, members, project)
                request.actor.require(right)
                return await view(request, *args, **kwargs)
            except ServiceError as error:
                return failure(request, error)

        return guarded

    return decorate


def _to_login(request: PageRequest) -> HttpResponse:
    if request.htmx:
        address = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"/login?{urlencode({'next': address})}")
    here = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return HttpResponseRedirect(f"/login?{urlencode({'next': here})}")
