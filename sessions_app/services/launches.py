"""Which sessions this process is starting now, and the bell that rings when somebody in the queue may start."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_under_way: dict[str, asyncio.Event] = {}
_bells: set[asyncio.Event] = set()


@contextmanager
def under_way(session_id: str) -> Iterator[None]:
    """Entered before the row says so: whoever finds a row that starts, but no launch, may end it."""
    over = _under_way[session_id] = asyncio.Event()
    try:
        yield
    finally:
        # A browser that dies at once may be started again before this one's start has returned.
        if _under_way.get(session_id) is over:
            del _under_way[session_id]
        over.set()


def is_under_way(session_id: str) -> bool:
    return session_id in _under_way


async def settled(session_id: str) -> None:
    """Returns when this process does not start the session, or no longer."""
    over = _under_way.get(session_id)
    if over:
        await over.wait()


@contextmanager
def bell() -> Iterator[asyncio.Event]:
    """Set by each `ring`."""
    rung = asyncio.Event()
    _bells.add(rung)
    try:
        yield rung
    finally:
        _bells.discard(rung)


def ring() -> None:
    for rung in _bells:
        rung.set()
