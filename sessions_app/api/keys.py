"""Keys: for programs that make keys for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Query, Router, Status

from sessions_app.api import access_schemas, schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import keys
from sessions_app.services.errors import Invalid
from sessions_app.services.keys import LONGEST_LIFE

if TYPE_CHECKING:
    from datetime import datetime

    from sessions_app.models import ApiKey
    from sessions_app.selectors import Page

router = Router(tags=["keys"])


@router.post("/keys", response={201: access_schemas.NewKeyOut}, summary="Make a key")
async def create_key(request: ApiRequest, body: access_schemas.KeyCreate) -> Status[dict[str, Any]]:
    """It is shown this once. A key makes none that is stronger than itself: what is not asked for is taken from it."""
    made, key = await keys.create_key(
        request.auth,
        name=body.name,
        role=body.role,
        scopes=body.scopes,
        expires_at=_expiry(body),
        rate_limit=body.rate_limit,
    )
    return Status(201, {**dict(access_schemas.KeyOut.model_validate(made)), "key": key})


def _expiry(body: access_schemas.KeyCreate) -> datetime | None:
    now = timezone.now()
    if body.expires_at is not None and body.expires_in is not None:
        raise Invalid("give one of expires_in and expires_at", field="expires_in")
    if body.expires_at is not None and not now < body.expires_at <= now + LONGEST_LIFE:
        raise Invalid(f"not within the next {LONGEST_LIFE.days} days", field="expires_at")
    return now + timedelta(seconds=body.expires_in) if body.expires_in else body.expires_at


@router.get(
    "/keys", response=schemas.Listing[access_schemas.KeyOut], summary="Newest first, revoked ones too"
)
async def list_keys(request: ApiRequest, query: Query[schemas.Paging]) -> Page[ApiKey]:
    return await keys.key_page(request.auth, limit=query.limit, cursor=query.cursor)


@router.get("/keys/{key_id}", response=access_schemas.KeyOut, summary="One key")
async def get_key(request: ApiRequest, key_id: str) -> ApiKey:
    return await keys.get_key(request.auth, key_id)


@router.delete("/keys/{key_id}", response={204: None}, summary="Revoke a key")
async def revoke_key(request: ApiRequest, key_id: str) -> Status[None]:
    """At once: sockets that came by it are closed. A second call answers the same."""
    await keys.revoke_key(request.auth, key_id)
    return Status(204, None)
