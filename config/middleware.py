"""Middleware: problem+json for the API, and Django's own without thread hops.

Django runs the two halves of its class-based middleware in a thread each when the server is asynchronous. Those below
never wait for anything, so they run where they are; on a busy loop every hop spared is a millisecond off each answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import csp.middleware
import django.contrib.auth.middleware
import django.contrib.sessions.middleware
import django.middleware.common
import django.middleware.csrf
import django.middleware.security
from asgiref.sync import sync_to_async
from django.http import HttpResponseBadRequest
from django.utils.decorators import async_only_middleware

from sessions_app.api.problems import as_problem, wants_problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@async_only_middleware
def api_problems(get_response: GetResponse) -> GetResponse:
    """What Django answers by itself (unknown paths, wrong methods, foreign hosts, crashes) in the API's form."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        return as_problem(request, response) if wants_problem(request, response) else response

    return middleware


@async_only_middleware
def no_nul(get_response: GetResponse) -> GetResponse:
    """No address of ours holds this character, and no PostgreSQL looks for it."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
            return HttpResponseBadRequest()
        return await get_response(request)

    return middleware


class _Inline:
    """For class-based middleware of Django's kind that waits for nothing."""

    get_response: Any

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        before = getattr(self, "process_request", None)
        response = before(request) if before else None
        response = response or await self.get_response(request)
        after = getattr(self, "process_response", None)
        return await self._after(after, request, response) if after else response

    async def _after(self, after: Any, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return after(request, response)  # type: ignore[no-any-return]


class SecurityMiddleware(_Inline, django.middleware.security.SecurityMiddleware):
    pass


class CSPMiddleware(_Inline, csp.middleware.CSPMiddleware):
    pass


class CommonMiddleware(_Inline, django.middleware.common.CommonMiddleware):
    pass


class SessionMiddleware(_Inline, django.contrib.sessions.middleware.SessionMiddleware):
    """A changed session is written to the database, so that one does take a thread."""

    async def _after(self, after: Any, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.session.modified:
            return await sync_to_async(after)(request, response)  # type: ignore[no-any-return]
        return await super()._after(after, request, response)


class CsrfViewMiddleware(_Inline, django.middleware.csrf.CsrfViewMiddleware):
    async def process_view(self, *args: Any) -> HttpResponseBase | None:  # type: ignore[override]
        return super().process_view(*args)


class AuthenticationMiddleware(_Inline, django.contrib.auth.middleware.AuthenticationMiddleware):
    pass
