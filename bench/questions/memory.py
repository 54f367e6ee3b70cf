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
        server = await stack.enter_async_context(lab.installation.server(warm=1))
        await stack.enter_async_context(server.session(lab.pages + "/still"))
        await server.is_warm(2)
        alone = server.memory()
        in_use, warm = server.browsers_memory()
        await asyncio.sleep(SETTLE)
        for _ in range(SESSIONS):
            await stack.enter_async_context(server.session(lab.pages + "/still"))
        await server.is_warm(SESSIONS + 2)
        all_together = server.memory() + sum(server.browsers_memory())
    one = alone + in_use + warm
    return [
        Row(what="server and one session", ours=alone + in_use, unit="MB"),
        Row(what="server, one session and one warm browser", ours=one, unit="MB", at_most=260),
        Row(what="of that the server", ours=alone, unit="MB"),
        Row(what="of that the session's browser", ours=in_use, unit="MB"),
        Row(what="of that the warm browser", ours=warm, unit="MB"),
        Row(what="every further session", ours=(all_together - one) / SESSIONS, unit="MB"),
    ]
