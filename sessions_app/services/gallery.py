"""Small pictures of running sessions, taken once for everybody who looks at a wall."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sessions_app.engine.errors import EngineError

if TYPE_CHECKING:
    from sessions_app.engine.session import LiveSession

WIDTH = 320
# Each costs its browser a moment's work: so often a session is asked, in seconds, and so many at once.
EVERY = 1.0
AT_ONCE = 6
# What has not changed three times in a row is asked half as often.
STILL_AFTER, STILL_EVERY = 3, 2.0
# A tab that gives no picture (it hangs, or has crashed) would keep the others waiting.
RETRY_FIRST, RETRY_LAST = 4.0, 30.0

_numbers = itertools.count(1)


class Shot:
    """A session's newest picture; `number` is another one whenever the picture is."""

    def __init__(self) -> None:
        self.picture = b""
        self.number = 0
        self.due = 0.0
        self._frame = 0.0
        self._same = 0
        self._failures = 0

    def __repr__(self) -> str:
        return f"<Shot {self.number} {len(self.picture)} bytes>"

    def came(self, picture: bytes, now: float) -> None:
        self._failures = 0
        self._same = self._same + 1 if picture == self.picture else 0
        if not self._same:
            self.picture, self.number = picture, next(_numbers)
        self.due = now + (STILL_EVERY if self._same >= STILL_AFTER else EVERY)

    def failed(self, now: float) -> None:
        self.due = now + min(RETRY_LAST, RETRY_FIRST * 2**self._failures)
        self._failures += 1

    def shows(self, frame: float) -> bool:
        """Whether it was made of this frame of a live view already; if not, it will be."""
        was, self._frame = self._frame, frame
        return was == frame


_shots: WeakKeyDictionary[LiveSession, Shot] = WeakKeyDictionary()
_under_way: set[LiveSession] = set()


def shot_of(live: LiveSession) -> Shot:
    return _shots.setdefault(live, Shot())


def is_due(live: LiveSession) -> bool:
    may_begin = live not in _under_way and len(_under_way) < AT_ONCE
    return may_begin and time.monotonic() >= shot_of(live).due


async def take(live: LiveSession) -> None:
    """A new picture, if it is time for one and nobody else is taking it."""
    if not is_due(live):
        return
    shot, began = shot_of(live), time.monotonic()
    frame = live.audience.hub.last_frame
    if frame is not None and shot.shows(frame.captured_at):
        shot.due = began + EVERY
        return
    _under_way.add(live)
    try:
        shot.came(await live.thumbnail(width=WIDTH), began)
    except EngineError:
        shot.failed(time.monotonic())
    finally:
        _under_way.discard(live)
