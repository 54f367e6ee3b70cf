"""Who opens a socket by a login's cookie, as a page of ours does."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import aget_user
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from sessions_app.consumers.origin import header
from sessions_app.services import people
from sessions_app.services.errors import Unauthenticated

if TYPE_CHECKING:
    from sessions_app.consumers.origin import Scope
    from sessions_app.services.actors import Actor


async def actor_of(scope: Scope) -> Actor:
    """Raises Unauthenticated, Forbidden (`no_project`)."""
    request = HttpRequest()
    request.COOKIES = parse_cookie(header(scope, b"cookie") or "")
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = await aget_user(request)
    if not user.is_authenticated:
        raise Unauthenticated("Nobody is logged in here.")
    return await people.actor_of(user, project_id=await request.session.aget(people.CHOSEN, ""))
