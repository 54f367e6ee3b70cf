"""How long from an input in a person's browser until that browser has drawn what it changed?"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from bench.questions.latency import INPUTS, PAGES, ROUNDS, SETTLE, by_device, compared, try_all
from bench.report import Row
from bench.watcher import watcher_browser

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.picture import Device
    from bench.server import Server
    from bench.watcher import Watcher, WatcherBrowser

TITLE = "From an input in a viewer page to its picture there, on a still page; bare: at a socket"
# Longer than a picture takes to come: letting go must not disturb it.
HOLD = 0.06


async def answer(lab: Lab) -> list[Row]:
    rows = []
    async with lab.installation.server(warm=0) as server, watcher_browser(lab.viewer_browser) as browser:
        for page, name in PAGES.items():
            rows += await _compare(lab, server, browser, lab.pages + page, name)
    return rows


async def _compare(lab: Lab, server: Server, browser: WatcherBrowser, url: str, name: str) -> list[Row]:
    ours: dict[Device, list[float]] = {"key": [], "mouse": []}
    bare = by_device()
    for _ in range(ROUNDS):
        async with lab.bare_on(url) as client:
            await try_all(client, bare)
        async with server.session(url) as session, browser.watching(session) as watcher:
            await watcher.focus()
            await asyncio.sleep(SETTLE)
            for device, times in ours.items():
                times += await _try(watcher, device)
    return [row for device in ours for row in _rows(f"{name}, {device}", ours[device], bare[device].changed)]


async def _try(watcher: Watcher, device: Device) -> list[float]:
    await watcher.take_times()
    for _ in range(INPUTS):
        await watcher.input(device, "down")
        await asyncio.sleep(HOLD)
        await watcher.input(device, "up")
        await asyncio.sleep(random.uniform(0.06, 0.12))
    return await watcher.take_times()


def _rows(name: str, ours: list[float], bare: list[float]) -> list[Row]:
    tries = ROUNDS * INPUTS
    return [
        *compared(name, ours, bare, at_most=8),
        Row(what=f"{name}, without a picture", ours=tries - len(ours), unit=f"of {tries}", at_most=0),
    ]
