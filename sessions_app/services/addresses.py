"""Addresses that the server hands out; all stand on the public URL, never on what a request says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from sessions_app.services.tokens import session_token

if TYPE_CHECKING:
    from sessions_app.models import Session
    from sessions_app.services.actors import Actor
    from sessions_app.services.tokens import Purpose


def public_url(path: str) -> str:
    return f"{settings.QUARTERDECK_PUBLIC_URL}{path}"


def websocket_url(path: str, *, base_url: str = "") -> str:
    """`base_url` is the origin a page was opened at: its policy lets it connect to no other."""
    base = base_url or settings.QUARTERDECK_PUBLIC_URL
    return f"ws{base.removeprefix('http')}{path}"


def live_url(link_id: str, token: str) -> str:
    return public_url(f"/live/{link_id}#{token}")


def live_gateway(link_id: str) -> str:
    """Where a link's token is exchanged for a ticket of the socket."""
    return public_url(f"/live/{link_id}/ticket")


def live_socket(session_id: str) -> str:
    """Opened with `?ticket=…`."""
    return websocket_url(f"/ws/live/{session_id}")


def token_for(actor: Actor, session: Session, purpose: Purpose) -> str:
    """A program's is worth nothing once its key is not."""
    return session_token(session, purpose, key_prefix=actor.key_prefix)


def resource_url(actor: Actor, session: Session, purpose: Purpose) -> str:
    return live_url(session.id, token_for(actor, session, purpose))


def cdp_url(actor: Actor, session: Session) -> str:
    return cdp_address(session.id, token_for(actor, session, "cdp"))


def cdp_address(session_id: str, token: str) -> str:
    return websocket_url(f"/cdp/{session_id}?token={token}")
