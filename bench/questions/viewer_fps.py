"""How many frames a second does a person's browser draw?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from bench.report import Row, median
from bench.watcher import watcher_browser

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.server import Server
    from bench.watcher import WatcherBrowser

TITLE = "Frames a second drawn by a viewer page, whose browser shares this machine"
ROUNDS = 3
SETTLE = 1.5
WINDOW = 2.0
PAGES = {"/canvas": "a canvas", "/scroll": "scrolling text"}


@dataclass
class Found:
    bare: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


async def answer(lab: Lab) -> list[Row]:
    rows = []
    async with lab.installation.server(warm=0) as server, watcher_browser(lab.viewer_browser) as browser:
        for page, name in PAGES.items():
            rows += _rows(name, await _compare(lab, server, browser, lab.pages + page))
    return rows


async def _compare(lab: Lab, server: Server, browser: WatcherBrowser, url: str) -> Found:
    found = Found()
    for _ in range(ROUNDS):
        async with lab.bare_on(url) as client:
            await asyncio.sleep(SETTLE)
            found.bare.append(await client.pictures.rate(WINDOW))
            async with browser.drawing(client) as rate:
                await asyncio.sleep(SETTLE)
                found.least.append(await rate(WINDOW))
        async with server.session(url) as session, browser.watching(session) as watcher:
            await asyncio.sleep(SETTLE)
            psutil.cpu_percent()
            spent = browser.cpu_seconds()
            found.drawn.append(await watcher.rate(WINDOW))
            found.busy.append(psutil.cpu_percent())
            found.cores.append((browser.cpu_seconds() - spent) / WINDOW)
    return found


def _rows(name: str, found: Found) -> list[Row]:
    drawn, bare = median(found.drawn), median(found.bare)
    return [
        Row(what=name, ours=drawn, bare=bare, unit="fps", judged="ratio", at_least=0.97),
        Row(
            what=f"{name}; bare: drawn by the least page there can be",
            ours=drawn,
            bare=median(found.least),
            unit="fps",
            judged="ratio",
            at_least=0.97,
        ),
        Row(what=f"{name}, the viewer's own browser", ours=median(found.cores), unit="cores"),
        Row(what=f"{name}, this machine's processors in use", ours=median(found.busy), unit="%"),
    ]
