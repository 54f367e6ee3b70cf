"""What does a viewer that stops reading cost the server and the other viewer?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bench.report import Row

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.server import Server

TITLE = "A viewer that stops reading for 10 s, scrolling text"
SETTLE = 1.5
WINDOW = 3.0
STALL = 10.0


async def answer(lab: Lab) -> list[Row]:
    async with lab.installation.server(warm=0) as server:
        growth, before, during = await _stall(lab, server)
    return [
        Row(what="the server grows", ours=growth, unit="MB", at_most=5),
        Row(
            what="the other viewer's frames; bare: before",
            ours=during,
            bare=before,
            unit="fps",
            judged="ratio",
            at_least=0.9,
        ),
    ]


async def _stall(lab: Lab, server: Server) -> tuple[float, float, float]:
    async with (
        server.session(lab.pages + "/scroll") as session,
        server.viewer(session) as reading,
        server.viewer(session) as stalling,
    ):
        await asyncio.sleep(SETTLE)
        rate_before = await reading.pictures.rate(WINDOW)
        memory = server.memory()
        stalling.stall()
        rate_during = await reading.pictures.rate(STALL)
        return server.memory() - memory, rate_before, rate_during
