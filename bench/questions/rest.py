"""How fast are reads, 200 a second of them beside 20 sessions, and does a live view notice?"""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench.plain_http import plain_http
from bench.report import Row, median, percentile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bench.client import Viewer
    from bench.lab import Lab
    from bench.plain_http import PlainHttp
    from bench.server import Server

TITLE = "200 reads a second, 20 running sessions, one of them watched"
SESSIONS = 20
RATE = 200
ROUNDS = 3
SETTLE = 2.0
WINDOW = 5.0
# What programs ask most: is it still there, which are there, what happened.
READS = (
    "/sessions/{id}",
    "/sessions?limit=20",
    "/sessions/{id}/labels",
    "/sessions?label=number:7&status=running",
    "/sessions/{id}/tabs",
    "/sessions/{id}/events?limit=20",
    "/sessions/{id}/info",
    "/pressure",
)


async def answer(lab: Lab) -> list[Row]:
    """Each round compares neighbouring windows: with reads and without."""
    times: list[float] = []
    alone, busy, cores = [], [], []
    async with (
        lab.installation.server(warm=0) as server,
        _sessions(lab, server) as (ids, viewer),
        plain_http(str(server.api.base_url).rstrip("/"), dict(server.api.headers)) as reader,
    ):
        await asyncio.sleep(SETTLE)
        for _ in range(ROUNDS):
            alone.append(await viewer.pictures.rate(WINDOW))
            spent, began = server.cpu_seconds(), time.perf_counter()
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(_read(reader, ids))
                rate = group.create_task(viewer.pictures.rate(WINDOW))
            times += reading.result()
            busy.append(rate.result())
            cores.append((server.cpu_seconds() - spent) / (time.perf_counter() - began))
    return [
        Row(what="a read, median", ours=median(times)),
        Row(what="a read, 95th percentile", ours=percentile(times, 0.95), at_most=50),
        Row(what="a read, the slowest", ours=max(times)),
        Row(what="reads", ours=len(times) / (ROUNDS * WINDOW), unit="a second"),
        Row(
            what="the live view; bare: without the reads",
            ours=median(busy),
            bare=median(alone),
            unit="fps",
            judged="ratio",
            at_least=0.95,
        ),
        Row(what="the server meanwhile", ours=median(cores), unit="cores"),
    ]


@asynccontextmanager
async def _sessions(lab: Lab, server: Server) -> AsyncIterator[tuple[list[str], Viewer]]:
    """Still ones, and an animated one that is watched."""
    async with AsyncExitStack() as stack:
        still = [
            await stack.enter_async_context(server.session(lab.pages + "/still")) for _ in range(SESSIONS - 1)
        ]
        for number, session in enumerate(still):
            await server.api.put(f"/sessions/{session['id']}/labels", json={"number": str(number)})
        moving = await stack.enter_async_context(server.session(lab.pages + "/canvas"))
        viewer = await stack.enter_async_context(server.viewer(moving))
        yield [session["id"] for session in (*still, moving)], viewer


async def _read(api: PlainHttp, ids: list[str]) -> list[float]:
    """Milliseconds of each; they are sent by the clock, whether the earlier ones are answered or not."""
    times: list[float] = []
    reads = itertools.cycle(itertools.product(ids, READS))
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(RATE * WINDOW)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            session_id, path = next(reads)
            group.create_task(_time(api, path.format(id=session_id), times))
    return times


async def _time(api: PlainHttp, path: str, times: list[float]) -> None:
    began = time.perf_counter()
    status = await api.get(path)
    times.append((time.perf_counter() - began) * 1000)
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{path} was answered with {status}.")
