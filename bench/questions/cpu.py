"""How much processor time does the server take for one viewer?"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bench.report import Row, median

if TYPE_CHECKING:
    from bench.client import Viewer
    from bench.lab import Lab
    from bench.server import Server

TITLE = "Processor time of the server alone, one viewer"
ROUNDS = 3
SETTLE = 1.0
WINDOW = 2.0
IDLE_WINDOW = 5.0
FULL_RATE = 60
PAGES = {"/canvas": "a canvas", "/scroll": "scrolling text"}


async def answer(lab: Lab) -> list[Row]:
    async with lab.installation.server(warm=0) as server:
        moving = [row for page in PAGES for row in await _moving(lab, server, page)]
        return moving + await _idle(lab, server)


async def _moving(lab: Lab, server: Server, page: str) -> list[Row]:
    """Scaled to 60 frames a second where the machine was too busy for as many."""
    a_frame = []
    for _ in range(ROUNDS):
        async with server.session(lab.pages + page) as session, server.viewer(session) as viewer:
            await asyncio.sleep(SETTLE)
            frames, cores = await _spent(server, viewer, WINDOW)
            a_frame.append(cores * WINDOW / max(frames, 1))
    cost = median(a_frame)
    return [
        Row(what=f"{PAGES[page]}, a frame", ours=cost * 1000),
        Row(what=f"{PAGES[page]}, at 60 frames a second", ours=cost * FULL_RATE, unit="cores", at_most=0.06),
    ]


async def _idle(lab: Lab, server: Server) -> list[Row]:
    async with server.session(lab.pages + "/still") as session, server.viewer(session) as viewer:
        await asyncio.sleep(2 * SETTLE)
        frames, cores = await _spent(server, viewer, IDLE_WINDOW)
    return [
        Row(what="a still page, in 5 s", ours=frames, unit="frames", at_most=0),
        Row(what="a still page", ours=cores * 100, unit="% of a core", at_most=0.5),
    ]


async def _spent(server: Server, viewer: Viewer, seconds: float) -> tuple[int, float]:
    """Frames, and cores in use."""
    began, frames, spent = time.perf_counter(), viewer.pictures.count, server.cpu_seconds()
    await asyncio.sleep(seconds)
    passed = time.perf_counter() - began
    return viewer.pictures.count - frames, (server.cpu_seconds() - spent) / passed
