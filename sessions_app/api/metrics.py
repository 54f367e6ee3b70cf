"""`/metrics`, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from sessions_app.api.auth import refusal
from sessions_app.api.problems import of_service_error
from sessions_app.services import keys, metrics
from sessions_app.services.errors import Forbidden, ServiceError
from sessions_app.services.peers import is_local

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
async def scrape(request: HttpRequest) -> HttpResponse:
    if not _comes_from_here(request) and (refused := await _refused(request)):
        return of_service_error(request, refused)
    return HttpResponse(
        await metrics.render(), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"}
    )


def _comes_from_here(request: HttpRequest) -> bool:
    """No browser: the page of a session can reach this address too, and a browser always says that it is one."""
    browses = "Sec-Fetch-Mode" in request.headers
    return not browses and is_local(request.META.get("REMOTE_ADDR", ""), request.headers)


async def _refused(request: HttpRequest) -> ServiceError | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = await keys.authenticate_key(token.strip()) if scheme.lower() == "bearer" else None
    if actor is None:
        return refusal(request)
    if not actor.administers_server or actor.scopes:
        return Forbidden("This needs an administrator's key of the default project, without scopes.")
    return None
