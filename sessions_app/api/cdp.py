"""The page that CDP clients ask for the WebSocket's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from sessions_app.api.problems import of_service_error
from sessions_app.services import addresses, links
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PROTOCOL_VERSION = "1.3"


@require_safe
async def version(request: HttpRequest, session_id: str) -> HttpResponse:
    try:
        token = request.GET.get("token", "")
        await links.check_cdp_token(session_id, token)
    except ServiceError as error:
        return of_service_error(request, error)
    return JsonResponse(
        {
            "Browser": "Chrome",
            "Protocol-Version": PROTOCOL_VERSION,
            "webSocketDebuggerUrl": addresses.cdp_address(session_id, token),
        }
    )
