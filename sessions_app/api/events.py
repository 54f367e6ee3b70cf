"""What happened to a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Query, Router

from sessions_app.api import schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import events

if TYPE_CHECKING:
    from sessions_app.models import Event
    from sessions_app.selectors import Page

router = Router(tags=["events"])


@router.get(
    "/sessions/{session_id}/events", response=schemas.Listing[schemas.EventOut], summary="Oldest first"
)
async def list_events(request: ApiRequest, session_id: str, query: Query[schemas.Paging]) -> Page[Event]:
    return await events.list_events(request.auth, session_id, limit=query.limit, cursor=query.cursor)
