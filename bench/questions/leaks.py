"""What is left after twenty sessions?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bench.report import Row

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.server import Server

TITLE = "Left after 20 sessions, each watched and released"
SESSIONS = 20
AT_ONCE = 4


async def answer(lab: Lab) -> list[Row]:
    async with lab.installation.server(warm=1) as server:
        # The first ones fill caches and start threads.
        await _wave(lab, server)
        before = await _counts(server)
        for _ in range(SESSIONS // AT_ONCE):
            await _wave(lab, server)
        after = await _counts(server)
    processes, folders, descriptors, memory = (new - old for new, old in zip(after, before, strict=True))
    return [
        Row(what="processes", ours=processes, unit="more", at_most=0),
        Row(what="folders", ours=folders, unit="more", at_most=0),
        Row(what="open descriptors of the server", ours=descriptors, unit="more", at_most=0),
        Row(what="memory of the server", ours=memory, unit="MB more"),
    ]


async def _wave(lab: Lab, server: Server) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_one(lab, server))


async def _one(lab: Lab, server: Server) -> None:
    async with server.session(lab.pages + "/still") as session, server.viewer(session):
        await asyncio.sleep(0.3)


async def _counts(server: Server) -> tuple[int, int, int, float]:
    await server.is_warm()
    processes = len(server.process.children(recursive=True))
    return processes, len(server.browser_folders()), server.process.num_fds(), server.memory()
