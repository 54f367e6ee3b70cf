"""With which code a socket is closed for what a service refused."""

from __future__ import annotations

from sessions_app.engine.wire import CLOSE_BAD_TICKET, CLOSE_ENDED, CLOSE_NO_SESSION, CLOSE_TOO_MUCH
from sessions_app.services import errors


def close_message(error: errors.ServiceError) -> dict[str, object]:
    """The ASGI message; docs/wire.md lists the codes."""
    match error:
        case errors.NotFound():
            code = CLOSE_NO_SESSION
        case errors.SessionEnded():
            code = CLOSE_ENDED
        case errors.Conflict():
            code = CLOSE_TOO_MUCH
        case _:
            code = CLOSE_BAD_TICKET
    return {"type": "websocket.close", "code": code, "reason": error.code}
