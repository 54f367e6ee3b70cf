"""Rate limits: so many requests a minute and key."""

from __future__ import annotations

import time
from itertools import count

from sessions_app.models import Role
from sessions_app.services import limits
from sessions_app.services.actors import Actor

_numbers = count(1)


def a_key(rate_limit: int | None = None) -> Actor:
    number = next(_numbers)
    return Actor(
        kind="program", id="key", name="robot", role=Role.VIEWER, key_id=f"k{number}", rate_limit=rate_limit
    )


async def test_so_many_and_no_more(settings):
    settings.QUARTERDECK_RATE_LIMIT = 3
    key, another = a_key(), a_key()
    spent = [await limits.spend(key) for _ in range(5)]
    assert [one.granted for one in spent if one] == [True] * 3 + [False] * 2
    assert [one.remaining for one in spent if one] == [2, 1, 0, 0, 0]
    refused = spent[-1]
    assert refused
    assert 1 <= refused.retry_after <= 120
    assert refused.reset_at > time.time()
    other = await limits.spend(another)
    assert other
    assert other.granted


async def test_a_keys_own_limit_comes_first(settings):
    settings.QUARTERDECK_RATE_LIMIT = 1
    key = a_key(rate_limit=5)
    first = await limits.spend(key)
    assert first
    assert (first.limit, first.remaining) == (5, 4)


async def test_nobody_counts_people_nor_with_the_limit_off(settings):
    person = Actor(kind="person", id="user_1", name="Ada", role=Role.VIEWER)
    settings.QUARTERDECK_RATE_LIMIT = 1
    assert [await limits.spend(person) for _ in range(3)] == [None] * 3
    settings.QUARTERDECK_RATE_LIMIT = 0
    assert await limits.spend(a_key()) is None
    assert await limits.spend(a_key(rate_limit=2))
