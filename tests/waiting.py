"""Waiting for what must become true: bounded, and never longer than it takes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY = 0.005


async def until(condition: Callable[[], object], *, within: float = 5.0) -> None:
    """Returns when `condition()` holds; fails after `within` seconds."""
    try:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 - what is waited for cannot call us
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise AssertionError(f"It did not come true within {within} s.") from None


async def turns(count: int = 5) -> None:
    """Let everything that is ready on the loop run."""
    for _ in range(count):
        await asyncio.sleep(0)
