"""Those who follow sessions' timelines in this process, and how they learn that there is more to read."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict

MAX_READERS = 50

_readers: defaultdict[str, set[Reader]] = defaultdict(set)
# Entries are written in threads, and whoever writes one wakes the readers.
_lock = threading.Lock()


class Reader:
    """`woken` is set when something was written; leaves by `leave`."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def __repr__(self) -> str:
        return f"<Reader of {self.session_id}>"

    def wake(self) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self.woken.set)


def join(session_id: str) -> Reader | None:
    """None when as many read as may."""
    with _lock:
        if len(_readers[session_id]) >= MAX_READERS:
            return None
        reader = Reader(session_id)
        _readers[session_id].add(reader)
        return reader


def leave(reader: Reader) -> None:
    with _lock:
        _readers[reader.session_id].discard(reader)
        if not _readers[reader.session_id]:
            del _readers[reader.session_id]


def wake(session_id: str) -> None:
    with _lock:
        for reader in _readers.get(session_id, ()):
            reader.wake()
