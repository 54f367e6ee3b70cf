"""What a session's pages asked of the network, and what it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Query, Router

from sessions_app.api.auth import ApiRequest
from sessions_app.api.inspection_schemas import HarQuery, PerformanceOut
from sessions_app.services import har, performance

if TYPE_CHECKING:
    from sessions_app.services.performance import Performance

router = Router(tags=["inspection"])

_HAR: dict[str, Any] = {
    "responses": {200: {"content": {"application/json": {"schema": {"type": "object", "required": ["log"]}}}}}
}


@router.get("/sessions/{session_id}/har", summary="Its newest requests as HAR 1.2", openapi_extra=_HAR)
async def get_har(request: ApiRequest, session_id: str, query: Query[HarQuery]) -> HttpResponse:
    """`secrets` asks for cookies and credentials too, which needs the right to steer."""
    written = await har.export(request.auth, session_id, secrets=query.secrets, request=query.request)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{session_id}.har"',
    }
    return HttpResponse(written, content_type="application/json", headers=headers)


@router.get(
    "/sessions/{session_id}/performance",
    response=PerformanceOut,
    summary="What its browser and its tabs use",
)
async def get_performance(request: ApiRequest, session_id: str) -> Performance:
    return await performance.measure(request.auth, session_id)
