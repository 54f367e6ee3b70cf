"""Pictures of a session: tickets for the live socket, and a thumbnail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from ninja import Router, Status

from sessions_app.api import schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import viewing

if TYPE_CHECKING:
    from sessions_app.services.viewing import Ticket

router = Router(tags=["viewing"])

JPEG = "image/jpeg"


@router.post(
    "/sessions/{session_id}/viewer-tickets", response={201: schemas.TicketOut}, summary="Get a viewer ticket"
)
async def create_viewer_ticket(
    request: ApiRequest, session_id: str, body: schemas.TicketAsk
) -> Status[Ticket]:
    """A one-use WebSocket address for a program that wants the frames itself."""
    actor = request.auth
    ticket = await viewing.make_ticket(actor, session_id, body.role, origin_required=actor.kind == "person")
    return Status(201, ticket)


@router.get(
    "/sessions/{session_id}/thumbnail",
    summary="A small JPEG of its active tab",
    openapi_extra={
        "responses": {200: {"content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
async def get_thumbnail(request: ApiRequest, session_id: str) -> HttpResponse:
    picture = await viewing.thumbnail(request.auth, session_id)
    return HttpResponse(picture, content_type=JPEG, headers={"Cache-Control": "no-store"})
