"""The loop's own pulse: how late it wakes, and how busy the machine is meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import time

from sessions_app.services import meters
from sessions_app.services.machine import processor

EVERY = 0.25
# The processor's share is taken over a second.
_LOOKS = 4


async def run() -> None:
    """Until cancelled."""
    for beat in itertools.count():
        if beat % _LOOKS == 0:
            processor.look()
        began = time.perf_counter()
        await asyncio.sleep(EVERY)
        meters.loop_lag.observe(max(0.0, time.perf_counter() - began - EVERY))
