"""What happened to a session, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import Event
from sessions_app.services import lookup
from sessions_app.services.lists import read_page

if TYPE_CHECKING:
    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor


def write(session_id: str, kind: str, data: dict[str, Any]) -> None:
    """For use inside the transaction of what happened."""
    Event.objects.create(session_id=session_id, at=timezone.now(), kind=kind, data=data)


async def record(session_id: str, kind: str, data: dict[str, Any]) -> None:
    await sync_to_async(write)(session_id, kind, data)


async def list_events(
    actor: Actor, session_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[Event]:
    """Oldest first."""
    found = await lookup.row(actor, session_id)
    return await read_page(
        selectors.oldest_page, Event.objects.filter(session=found), limit=limit, cursor=cursor
    )
