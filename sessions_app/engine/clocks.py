"""When a session's time is up: an idle clock that activity restarts and a lifetime that nothing stops."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.events import Deadline


class Clocks:
    """Calls `on_deadline` once, within a second of the earlier deadline. Counts on the monotonic clock.

    `is_watched` says whether somebody's watching counts as activity now; `lived` is how many seconds of the lifetime
    are over already.
    """

    def __init__(
        self,
        *,
        idle_timeout: int,
        max_lifetime: int,
        is_watched: Callable[[], bool],
        on_deadline: Callable[[Deadline], None],
        lived: float = 0,
    ) -> None:
        self.idle_timeout = idle_timeout
        self.max_lifetime = max_lifetime
        self._is_watched = is_watched
        self._on_deadline = on_deadline
        self._active = time.monotonic()
        self._started = self._active - lived
        self._offset = time.time() - self._active
        self._timer: asyncio.TimerHandle | None = None
        self._arm()

    def __repr__(self) -> str:
        return f"<Clocks idle={time.monotonic() - self._active:.0f}/{self.idle_timeout} life={self.max_lifetime}>"

    @property
    def last_activity_at(self) -> float:
        """Unix seconds."""
        return self._seen() + self._offset

    @property
    def expires_at(self) -> float:
        """Unix seconds; the earlier of the two deadlines as things stand."""
        return min(self._deadlines().values()) + self._offset

    def touch(self) -> None:
        """Something happened. Costs nothing: the timer looks here when it fires."""
        self._active = time.monotonic()

    def set_limits(self, *, idle_timeout: int | None = None, max_lifetime: int | None = None) -> None:
        self.idle_timeout = idle_timeout or self.idle_timeout
        self.max_lifetime = max_lifetime or self.max_lifetime
        self._arm()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _seen(self) -> float:
        if self._is_watched():
            self._active = time.monotonic()
        return self._active

    def _deadlines(self) -> dict[Deadline, float]:
        return {
            "idle_timeout": self._seen() + self.idle_timeout,
            "max_lifetime": self._started + self.max_lifetime,
        }

    def _arm(self) -> None:
        self.stop()
        left = min(self._deadlines().values()) - time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._look)

    def _look(self) -> None:
        self._timer = None
        now = time.monotonic()
        for reason, deadline in self._deadlines().items():
            if deadline <= now:
                self._on_deadline(reason)
                return
        self._arm()
