"""Who asks: a key in a header, or a login's cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer
from ninja.utils import check_csrf

from sessions_app.api import limiting
from sessions_app.services import keys, people
from sessions_app.services.actors import Actor
from sessions_app.services.errors import Forbidden, QuotaExceeded, ServiceError, Unauthenticated

if TYPE_CHECKING:
    from django.http import HttpRequest

MAX_FAILURES = 30
WINDOW = 60


class ApiRequest(HttpRequest if TYPE_CHECKING else object):  # type: ignore[misc]
    """A request that has come past `AUTH`."""

    auth: Actor
    request_id: str


class Bearer(HttpBearer):
    async def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return await _of_key(request, token)


class KeyHeader(APIKeyHeader):
    param_name = "X-API-Key"

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return await _of_key(request, key) if key else None


async def _of_key(request: HttpRequest, token: str) -> Actor | None:
    actor = await keys.authenticate_key(token)
    if actor:
        await limiting.spend(request, actor)
    return actor


class LoginCookie(APIKeyCookie):
    """A login counts only with its CSRF token when something is to change; `X-Project` names one of several projects."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        user = await request.auser() if key else None
        if user is None or not user.is_authenticated:
            return None
        if check_csrf(request):
            raise Forbidden("The CSRF token is missing or wrong.", code="csrf_failed")
        members = await people.memberships(user)
        project = request.headers.get("X-Project")
        if project is not None:
            return Actor.of_member(people.member_in(members, project))
        return people.chosen(user, members, await request.session.aget(people.CHOSEN, ""))


AUTH = [Bearer(), KeyHeader(), LoginCookie()]


def refusal(request: HttpRequest) -> ServiceError:
    """The same for every wrong key; who keeps trying is told to wait."""
    key = f"failures:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WINDOW)
    if cache.incr(key) > MAX_FAILURES:
        return QuotaExceeded(
            "Too many wrong keys from this address.", retry_after=WINDOW, code="too_many_attempts"
        )
    return Unauthenticated()
