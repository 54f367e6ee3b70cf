"""How many frames a second reach a program's socket?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bench.report import Row, median

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.server import Server

TITLE = "Frames a second to a socket, 1280x720"
ROUNDS = 3
SETTLE = 1.0
WINDOW = 2.0
PAGES = {"/canvas": "a canvas", "/scroll": "scrolling text"}


async def answer(lab: Lab) -> list[Row]:
    async with lab.installation.server(warm=0) as server:
        return [await _compare(lab, server, page) for page in PAGES]


async def _compare(lab: Lab, server: Server, page: str) -> Row:
    ours, bare = [], []
    for _ in range(ROUNDS):
        async with lab.bare_on(lab.pages + page) as client:
            await asyncio.sleep(SETTLE)
            bare.append(await client.pictures.rate(WINDOW))
        async with server.session(lab.pages + page) as session, server.viewer(session) as viewer:
            await asyncio.sleep(SETTLE)
            ours.append(await viewer.pictures.rate(WINDOW))
    return Row(
        what=PAGES[page], ours=median(ours), bare=median(bare), unit="fps", judged="ratio", at_least=0.97
    )
