"""How long from an input to the first picture that it changed?"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.report import Row, percentile

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.picture import Device, Picture, Source

TITLE = "From an input to its picture at a socket, on a still page"
ROUNDS = 3
INPUTS = 12
SETTLE = 0.8
PAGES = {"/still": "a plain page", "/text": "a page full of text"}
PATIENCE = 1.0


@dataclass
class Times:
    """Milliseconds of every input; `named`: to the frame whose input_seq says that it shows the input."""

    changed: list[float] = field(default_factory=list)
    named: list[float] = field(default_factory=list)


def by_device() -> dict[Device, Times]:
    return {"key": Times(), "mouse": Times()}


async def answer(lab: Lab) -> list[Row]:
    rows = []
    async with lab.installation.server(warm=0) as server:
        for page, name in PAGES.items():
            ours, bare = by_device(), by_device()
            for _ in range(ROUNDS):
                async with lab.bare_on(lab.pages + page) as client:
                    await try_all(client, bare)
                async with server.session(lab.pages + page) as session, server.viewer(session) as viewer:
                    await try_all(viewer, ours)
            rows += [row for device in ours for row in _rows(f"{name}, {device}", ours[device], bare[device])]
    return rows


async def try_all(source: Source, found: dict[Device, Times]) -> None:
    await asyncio.sleep(SETTLE)
    for device, times in found.items():
        # The first one makes the page ready for those that count.
        await _try(source, device, Times())
        for _ in range(INPUTS):
            await _try(source, device, times)


async def _try(source: Source, device: Device, times: Times) -> None:
    before = source.pictures.newest
    first: list[Picture] = []

    def names_it(picture: Picture) -> bool:
        if not first and (before is None or picture.jpeg != before.jpeg):
            first.append(picture)
        return bool(first) and picture.input_seq >= source.inputs

    seen = source.pictures.watch(names_it)
    began = time.perf_counter()
    await source.input(device, "down")
    try:
        async with asyncio.timeout(PATIENCE):
            times.named.append(((await seen).at - began) * 1000)
    except TimeoutError:
        pass
    times.changed.extend((picture.at - began) * 1000 for picture in first)
    await source.input(device, "up")
    # At uneven distances, so that no display interval is met at the same place each time.
    await asyncio.sleep(random.uniform(0.06, 0.12))


def _rows(name: str, ours: Times, bare: Times) -> list[Row]:
    tries = ROUNDS * INPUTS
    return [
        *compared(name, ours.changed, bare.changed, at_most=3),
        Row(what=f"{name}, not named by its picture", ours=tries - len(ours.named), unit=f"of {tries}"),
    ]


def compared(name: str, ours: list[float], bare: list[float], *, at_most: float) -> list[Row]:
    """Only the median is judged: on a shared machine the tail belongs to others."""
    return [
        Row(
            what=f"{name}, p50",
            ours=percentile(ours, 0.5),
            bare=percentile(bare, 0.5),
            judged="difference",
            at_most=at_most,
        ),
        Row(
            what=f"{name}, p95", ours=percentile(ours, 0.95), bare=percentile(bare, 0.95), judged="difference"
        ),
    ]
