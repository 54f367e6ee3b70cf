"""Rate limits as headers: every answer to a key says what it has left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.decorators import async_only_middleware

from sessions_app.services import limits
from sessions_app.services.errors import QuotaExceeded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from sessions_app.services.actors import Actor

    GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

_NOTED = "_rate_allowance"


async def spend(request: HttpRequest, actor: Actor) -> None:
    """Raises QuotaExceeded (`rate_limited`)."""
    allowance = await limits.spend(actor)
    setattr(request, _NOTED, allowance)
    if allowance and not allowance.granted:
        raise QuotaExceeded(
            f"The key {actor.name} may make {allowance.limit} requests a minute.",
            retry_after=allowance.retry_after,
            code="rate_limited",
        )


@async_only_middleware
def rate_limit_headers(get_response: GetResponse) -> GetResponse:
    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        allowance: limits.Allowance | None = getattr(request, _NOTED, None)
        if allowance:
            response["X-RateLimit-Limit"] = str(allowance.limit)
            response["X-RateLimit-Remaining"] = str(allowance.remaining)
            response["X-RateLimit-Reset"] = str(math.ceil(allowance.reset_at))
        return response

    return middleware
