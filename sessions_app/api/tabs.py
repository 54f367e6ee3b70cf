"""A session's tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from ninja import Router, Status

from sessions_app.api import schemas
from sessions_app.api.answers import answer
from sessions_app.api.auth import ApiRequest
from sessions_app.services import tabs

if TYPE_CHECKING:
    from sessions_app.engine.tab import TabFacts

router = Router(tags=["tabs"])


@router.get("/sessions/{session_id}/tabs", response=schemas.Listing[schemas.TabOut], summary="The open tabs")
async def list_tabs(request: ApiRequest, session_id: str) -> HttpResponse:
    found = await tabs.list_tabs(request.auth, session_id)
    return answer(schemas.Listing[schemas.TabOut], {"items": found, "next_cursor": None, "total": len(found)})


@router.post("/sessions/{session_id}/tabs", response={201: schemas.TabOut}, summary="Open a tab")
async def open_tab(request: ApiRequest, session_id: str, body: schemas.TabOpen) -> Status[TabFacts]:
    return Status(201, await tabs.open_tab(request.auth, session_id, url=body.url))


@router.post(
    "/sessions/{session_id}/tabs/{tab}/activate", response=schemas.TabOut, summary="Bring a tab to the front"
)
async def activate_tab(
    request: ApiRequest, session_id: str, tab: int, body: schemas.Nothing | None = None
) -> TabFacts:
    return await tabs.activate(request.auth, session_id, tab)


@router.delete("/sessions/{session_id}/tabs/{tab}", response={204: None}, summary="Close a tab")
async def close_tab(request: ApiRequest, session_id: str, tab: int) -> Status[None]:
    await tabs.close(request.auth, session_id, tab)
    return Status(204, None)
