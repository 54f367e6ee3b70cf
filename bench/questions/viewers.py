"""Do twenty viewers of one session see it as fluently as one?"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bench.report import Row, median

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.server import Server

TITLE = "Twenty viewers of a page that moves 30 times a second"
VIEWERS = 20
ROUNDS = 3
SETTLE = 1.0
WINDOW = 2.0


async def answer(lab: Lab) -> list[Row]:
    alone, lowest, middle, cores = [], [], [], []
    async with lab.installation.server(warm=0) as server:
        for _ in range(ROUNDS):
            alone += await _rates(lab, server, 1)
            spent = server.cpu_seconds()
            rates = await _rates(lab, server, VIEWERS)
            cores.append((server.cpu_seconds() - spent) / (SETTLE + WINDOW))
            lowest.append(min(rates))
            middle.append(median(rates))
    one = median(alone)
    return [
        Row(
            what="the slowest of 20; bare: one alone",
            ours=median(lowest),
            bare=one,
            unit="fps",
            judged="ratio",
            at_least=0.95,
        ),
        Row(
            what="the median of 20; bare: one alone",
            ours=median(middle),
            bare=one,
            unit="fps",
            judged="ratio",
            at_least=0.95,
        ),
        Row(what="the server meanwhile", ours=median(cores), unit="cores"),
    ]


async def _rates(lab: Lab, server: Server, count: int) -> list[float]:
    async with server.session(lab.pages + "/half") as session, AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(server.viewer(session)) for _ in range(count)]
        await asyncio.sleep(SETTLE)
        async with asyncio.TaskGroup() as group:
            rates = [group.create_task(viewer.pictures.rate(WINDOW)) for viewer in viewers]
        return [rate.result() for rate in rates]
