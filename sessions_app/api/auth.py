"""Who asks: a key in a header, or a login's cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer
from ninja.utils import check_csrf

from sessions_app.services import access, people
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
        return await access.authenticate_key(token)


class KeyHeader(APIKeyHeader):
    param_name = "X-API-Key"

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return await access.authenticate_key(key) if key else None


class LoginCookie(APIKeyCookie):
    """A login counts only with its CSRF token when something is to change."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    async def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        user = await request.auser() if key else None
        if user is None or not user.is_authenticated:
            return None
        if check_csrf(request):
            raise Forbidden("The CSRF token is missing or wrong.", code="csrf_failed")
        return await people.actor_of(user)


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
