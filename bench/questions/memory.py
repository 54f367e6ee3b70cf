"""How much memory do the server and its browsers take?"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bench.report import Row

if TYPE_CHECKING:
    from bench.lab import Lab

TITLE = "Memory: proportional set size"
SESSIONS = 5
SETTLE = 1.5


async def answer(lab: Lab) -> list[Row]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(lab.installation.server(warm=0))
        await stack.enter_async_context(server.session(lab.pages + "/still"))
        await asyncio.sleep(SETTLE)
        itself, browser = server.memory(), sum(server.browsers_memory())
        for _ in range(SESSIONS):
            await stack.enter_async_context(server.session(lab.pages + "/still"))
        await asyncio.sleep(SETTLE)
        all_together = server.memory() + sum(server.browsers_memory())
    one = itself + browser
    return [
        Row(what="server and one session", ours=one, unit="MB", at_most=260),
        Row(what="of that the server", ours=itself, unit="MB"),
        Row(what="of that the browser", ours=browser, unit="MB"),
        Row(what="every further session", ours=(all_together - one) / SESSIONS, unit="MB"),
        Row(what="server, one session and the warm browser", ours=await _with_a_warm_one(lab), unit="MB"),
    ]


async def _with_a_warm_one(lab: Lab) -> float:
    async with lab.installation.server(warm=1) as server, server.session(lab.pages + "/still"):
        await server.is_warm(2)
        await asyncio.sleep(SETTLE)
        return server.memory() + sum(server.browsers_memory())
