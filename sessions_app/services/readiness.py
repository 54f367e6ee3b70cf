"""Waiting for a session that was asked for and stands in the queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions_app.models import SessionStatus
from sessions_app.services import lookup, readers
from sessions_app.services.errors import DeadlineExceeded

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor

NOT_YET = (SessionStatus.QUEUED, SessionStatus.STARTING)
# Another process may start it, and would wake nobody here.
LOOK_AGAIN = 1.0


async def until_running(actor: Actor, session_id: str, seconds: float) -> None:
    """Raises SessionEnded, DeadlineExceeded."""
    reader = readers.join(session_id)
    try:
        async with asyncio.timeout(seconds):
            while (row := await lookup.row(actor, session_id)).status in NOT_YET:
                await _woken(reader)
    except TimeoutError:
        raise DeadlineExceeded(f"No place became free within {seconds:g} seconds.") from None
    finally:
        if reader:
            readers.leave(reader)
    lookup.live(row)


async def _woken(reader: readers.Reader | None) -> None:
    if reader is None:
        await asyncio.sleep(LOOK_AGAIN)
        return
    try:
        async with asyncio.timeout(LOOK_AGAIN):
            await reader.woken.wait()
    except TimeoutError:
        pass
    reader.woken.clear()
