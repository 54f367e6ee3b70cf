"""Live links: addresses that open a session with no login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Query, Router, Status

from sessions_app.api import schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import links

if TYPE_CHECKING:
    from sessions_app.models import LiveLink
    from sessions_app.selectors import Page

router = Router(tags=["live links"])


@router.post(
    "/sessions/{session_id}/live-links", response={201: schemas.NewLinkOut}, summary="Make a live link"
)
async def create_live_link(
    request: ApiRequest, session_id: str, body: schemas.LinkCreate
) -> Status[dict[str, Any]]:
    """The address is shown this once."""
    made = await links.create(request.auth, session_id, **dict(body))
    shown = schemas.LinkOut.model_validate(made.link)
    return Status(201, {**dict(shown), "url": made.url})


@router.get(
    "/sessions/{session_id}/live-links", response=schemas.Listing[schemas.LinkOut], summary="Newest first"
)
async def list_live_links(
    request: ApiRequest, session_id: str, query: Query[schemas.Paging]
) -> Page[LiveLink]:
    return await links.list_links(request.auth, session_id, limit=query.limit, cursor=query.cursor)


@router.delete("/sessions/{session_id}/live-links", response={204: None}, summary="Revoke every way in")
async def revoke_live_links(request: ApiRequest, session_id: str) -> Status[None]:
    """The session's own `resource_url` and `cdp_url` too: those it shows from then on are new."""
    await links.revoke_all(request.auth, session_id)
    return Status(204, None)


@router.delete(
    "/sessions/{session_id}/live-links/{link_id}", response={204: None}, summary="Revoke a live link"
)
async def revoke_live_link(request: ApiRequest, session_id: str, link_id: str) -> Status[None]:
    await links.revoke(request.auth, session_id, link_id)
    return Status(204, None)
