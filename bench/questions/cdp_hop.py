"""What does it cost a DevTools client that its commands go through us?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from bench.devtools import attached
from bench.questions.latency import compared

if TYPE_CHECKING:
    from bench.lab import Lab
    from bench.report import Row

TITLE = "From a DevTools command to its answer, on a still page"
ROUNDS = 3
COMMANDS = 300
WARM_UP = 20
KILOBYTES = 64
# An answer of the browser's own, one of the page's script, and a long one.
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "Browser.getVersion": ("Browser.getVersion", {}),
    "Runtime.evaluate": ("Runtime.evaluate", {"expression": "1 + 1", "returnByValue": True}),
    f"Runtime.evaluate, {KILOBYTES} KB": (
        "Runtime.evaluate",
        {"expression": f"'x'.repeat({KILOBYTES << 10})", "returnByValue": True},
    ),
}


class Client(Protocol):
    async def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]: ...


async def answer(lab: Lab) -> list[Row]:
    ours: dict[str, list[float]] = {what: [] for what in ASKED}
    bare: dict[str, list[float]] = {what: [] for what in ASKED}
    async with lab.installation.server(warm=0) as server:
        for _ in range(ROUNDS):
            async with lab.bare() as client:
                await client.attach()
                client.navigate(f"{lab.pages}/still")
                await _ask(client, bare)
            async with (
                server.session(f"{lab.pages}/still") as session,
                attached(session["cdp_url"]) as outside,
            ):
                await _ask(outside, ours)
    return [row for what in ASKED for row in compared(what, ours[what], bare[what], at_most=1)]


async def _ask(client: Client, times: dict[str, list[float]]) -> None:
    for what, (method, params) in ASKED.items():
        for _ in range(WARM_UP):
            await client.call(method, params)
        for _ in range(COMMANDS):
            began = time.perf_counter()
            await client.call(method, params)
            times[what].append((time.perf_counter() - began) * 1000)
