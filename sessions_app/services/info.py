"""What another system needs to know to use a running session."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.services import addresses, lookup, tokens
from sessions_app.services.actors import Right
from sessions_app.services.facts import APP_ID

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor

RESOURCE_TYPE = "browser"
# A right to this session, not to the account behind it.
AUTH_MODE = "Session"
TICKET_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class SessionInfo:
    """`auth_code` opens the resource_url; `ticket` names the gateway that takes it, opaque to all but our viewer.

    `connection_properties` is JSON as text, for those who hand it on unread.
    """

    session_id: str
    resource_id: str
    resource_url: str
    app_id: str
    resource_type: str
    auth_code: str
    connection_properties: str
    ticket: str


async def get(actor: Actor, session_id: str) -> SessionInfo:
    row = await lookup.row(actor, session_id)
    live = lookup.live(row)
    operates = actor.can(Right.STEER)
    role: tokens.Purpose = "control" if operates else "view"
    token = addresses.token_for(actor, row, role)
    properties = {
        "authMode": AUTH_MODE,
        "role": role,
        "socket": addresses.live_socket(row.id),
        "cdp": addresses.cdp_url(actor, row) if operates else None,
        "viewport": asdict(live.viewport),
    }
    return SessionInfo(
        session_id=row.id,
        resource_id=row.id,
        resource_url=addresses.live_url(row.id, token),
        app_id=APP_ID,
        resource_type=RESOURCE_TYPE,
        auth_code=token,
        connection_properties=orjson.dumps(properties).decode(),
        ticket=_ticket(addresses.live_gateway(row.id), token),
    )


def _ticket(gateway: str, token: str) -> str:
    fields: dict[str, Any] = {"v": TICKET_VERSION, "gateway": gateway, "token": token}
    return base64.urlsafe_b64encode(orjson.dumps(fields)).decode().rstrip("=")
