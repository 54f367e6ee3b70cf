"""How many requests a minute a key may make: a sliding window a key, in this process's memory."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a key has left; `reset_at` is when it gets the next one (unix seconds)."""

    granted: bool
    limit: int
    remaining: int
    reset_at: float

    @property
    def retry_after(self) -> int:
        return max(1, math.ceil(self.reset_at - time.time()))


class _Counters(MemoryStorage):
    """The library's own starts a task to forget old counters; this one does it when a new one begins."""

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if self.expirations.get(key, 0) <= now:
            for old in [name for name, until in self.expirations.items() if until <= now]:
                self.storage.pop(old, None)
                self.expirations.pop(old)
            self.expirations[key] = now + expiry
        self.storage[key] += amount
        return self.storage[key]


_limiter = SlidingWindowCounterRateLimiter(_Counters())


async def spend(actor: Actor) -> Allowance | None:
    """One request of a key; None where there is no limit: for people, and for keys when the setting says 0."""
    limit: int = actor.rate_limit or settings.QUARTERDECK_RATE_LIMIT
    if actor.key_id is None or not limit:
        return None
    item = RateLimitItemPerMinute(limit)
    granted = await _limiter.hit(item, actor.key_id)
    stats = await _limiter.get_window_stats(item, actor.key_id)
    return Allowance(
        granted=granted, limit=limit, remaining=stats.remaining if granted else 0, reset_at=stats.reset_time
    )
