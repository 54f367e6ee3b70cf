"""A session's requests as an HTTP Archive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions_app.engine import har
from sessions_app.services import lookup
from sessions_app.services.actors import Right
from sessions_app.services.errors import NotFound

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor


async def export(actor: Actor, session_id: str, *, secrets: bool = False, request: str = "") -> bytes:
    """JSON; with `request` of that one alone. What may hold a secret is for those who may steer."""
    if secrets:
        actor.require(Right.STEER)
    _, live = await lookup.running(actor, session_id)
    kept = live.ledger.read(request)
    try:
        return await asyncio.to_thread(har.written, kept, secrets=secrets, name=request)
    except har.NoSuchRequest:
        raise NotFound(f"request not kept: {request}", code="request_not_found") from None
