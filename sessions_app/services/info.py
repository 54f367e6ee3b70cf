"""What another system needs to know to use a running session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.services import addresses, lookup, tokens
from sessions_app.services.actors import Right
from sessions_app.services.facts import APP_ID

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor

RESOURCE_TYPE = "browser"


@dataclass(frozen=True, kw_only=True)
class SessionInfo:
    """`auth_code` opens the resource_url, `ticket` the CDP address (empty for those who may only look)."""

    session_id: str
    resource_id: str
    resource_url: str
    app_id: str
    resource_type: str
    auth_code: str
    connection_properties: dict[str, Any]
    ticket: str


async def get(actor: Actor, session_id: str) -> SessionInfo:
    row, live = await lookup.running(actor, session_id)
    operates = actor.can(Right.STEER)
    role: tokens.Purpose = "control" if operates else "view"
    viewport = live.viewport
    return SessionInfo(
        session_id=row.id,
        resource_id=row.id,
        resource_url=addresses.resource_url(row, role),
        app_id=APP_ID,
        resource_type=RESOURCE_TYPE,
        auth_code=tokens.session_token(row, role),
        connection_properties={
            "role": role,
            "width": viewport.width,
            "height": viewport.height,
            "device_scale_factor": viewport.device_scale_factor,
            "cdp_url": addresses.cdp_url(row) if operates else None,
        },
        ticket=tokens.session_token(row, "cdp") if operates else "",
    )
