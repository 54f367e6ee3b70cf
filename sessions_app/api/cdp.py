"""The pages that CDP clients ask by HTTP: the WebSocket's address, and which tabs there are."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from sessions_app.api.problems import of_service_error
from sessions_app.services import cdp
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PROTOCOL_VERSION = "1.3"


@require_safe
async def version(request: HttpRequest, session_id: str) -> HttpResponse:
    try:
        address = await cdp.socket_address(session_id, request.GET.get("token", ""))
    except ServiceError as error:
        return of_service_error(request, error)
    return JsonResponse(
        {"Browser": "Chrome", "Protocol-Version": PROTOCOL_VERSION, "webSocketDebuggerUrl": address}
    )


@require_safe
async def targets(request: HttpRequest, session_id: str) -> HttpResponse:
    """Without addresses: a tab is attached to through the browser's one socket, which keeps clients apart."""
    try:
        found = await cdp.targets(session_id, request.GET.get("token", ""))
    except ServiceError as error:
        return of_service_error(request, error)
    return JsonResponse([{"type": "page", **asdict(target)} for target in found], safe=False)
