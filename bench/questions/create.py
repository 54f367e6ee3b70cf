"""How long until a session is there, until its first picture, and until it is gone?"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bench.report import Row, percentile

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.picture import Picture, Source
    from bench.server import Server

TITLE = "Creating and releasing a session"
ROUNDS = 10
COLD_ROUNDS = 5
SETTLE = 1.0
PATIENCE = 5.0


async def answer(lab: Lab) -> list[Row]:
    warm = Times()
    async with lab.installation.server(warm=1) as server:
        for _ in range(ROUNDS):
            warm.bare.append(await _bare_first_picture(lab))
            await server.is_warm()
            await _once(lab, server, warm)
    cold = Times()
    async with lab.installation.server(warm=0) as server:
        for _ in range(COLD_ROUNDS):
            await _once(lab, server, cold)
    return [*_warm_rows(warm), *_cold_rows(cold), *_release_rows(warm.released + cold.released)]


class Times:
    """Milliseconds."""

    def __init__(self) -> None:
        self.created: list[float] = []
        self.first_picture: list[float] = []
        self.released: list[float] = []
        self.bare: list[float] = []


async def _once(lab: Lab, server: Server, times: Times) -> None:
    began = time.perf_counter()
    session = await server.create(lab.pages + "/marked")
    times.created.append(_ms_since(began))
    async with AsyncExitStack() as stack:
        viewer = await stack.enter_async_context(server.viewer(session))
        times.first_picture.append((await _marked(viewer)).at * 1000 - began * 1000)
        await asyncio.sleep(SETTLE / 2)
    began = time.perf_counter()
    await server.release(session)
    times.released.append(_ms_since(began))


async def _bare_first_picture(lab: Lab) -> float:
    """Of a Chromium that runs already, as a warm browser does."""
    async with lab.bare() as client:
        await asyncio.sleep(SETTLE)
        began = time.perf_counter()
        await client.attach()
        client.cast()
        client.navigate(lab.pages + "/marked")
        found = (await _marked(client)).at - began
    return found * 1000


async def _marked(source: Source) -> Picture:
    """The first picture of the page, which may have come already."""
    newest = source.pictures.newest
    if newest and newest.is_marked():
        return newest
    async with asyncio.timeout(PATIENCE):
        return await source.pictures.watch(lambda picture: picture.is_marked())


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _warm_rows(times: Times) -> list[Row]:
    return [
        Row(what="warm, to 201, p50", ours=percentile(times.created, 0.5), at_most=90),
        Row(what="warm, to 201, p95", ours=percentile(times.created, 0.95)),
        Row(
            what="warm, to the page's first picture, p50",
            ours=percentile(times.first_picture, 0.5),
            bare=percentile(times.bare, 0.5),
            judged="ratio",
            at_most=1.3,
        ),
    ]


def _cold_rows(times: Times) -> list[Row]:
    return [
        Row(what="cold, to 201, p50", ours=percentile(times.created, 0.5)),
        Row(what="cold, to 201, p95", ours=percentile(times.created, 0.95)),
        Row(what="cold, to the page's first picture, p50", ours=percentile(times.first_picture, 0.5)),
    ]


def _release_rows(times: list[float]) -> list[Row]:
    return [
        Row(what="release, p50", ours=percentile(times, 0.5), at_most=60),
        Row(what="release, p95", ours=percentile(times, 0.95)),
    ]
