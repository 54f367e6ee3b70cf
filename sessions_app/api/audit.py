"""The audit: who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Query, Router

from sessions_app.api import access_schemas, schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import audit

if TYPE_CHECKING:
    from sessions_app.models import AuditEntry

router = Router(tags=["audit"])


@router.get("/audit", response=schemas.Listing[access_schemas.AuditOut], summary="Newest first")
async def list_audit(request: ApiRequest, query: Query[access_schemas.AuditQuery]) -> dict[str, Any]:
    """`actor` is an id or a name; `q` is looked for in whatever there is to read. Administrators of the project
    `default` also see what concerns the whole server, such as logins."""
    found = await audit.list_entries(
        request.auth,
        action=query.action,
        by=query.actor,
        target=query.target,
        q=query.q,
        limit=query.limit,
        cursor=query.cursor,
    )
    return {
        "items": [_shown(entry) for entry in found.items],
        "next_cursor": found.next_cursor,
        "total": found.total,
    }


def _shown(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "at": entry.at,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "action": entry.action,
        "target": entry.target,
        "detail": entry.detail,
        "address": entry.address,
        "request_id": entry.request_id,
    }
