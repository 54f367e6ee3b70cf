"""Every page in every state: open to everybody, quiet, light, and of one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.axe import violations
from tests.e2e.tour import STOPS, Stop

if TYPE_CHECKING:
    from tests.e2e.desk import LogIn
    from tests.e2e.world import World

NARROW = (390, 844)
CLS_LIMIT = 0.01
# Bytes; the live view brings its own share.
WEIGHT_LIMITS = {"/login": 20_000, "/": 100_000, "/sessions/{running}": 150_000}
# What a page says of a refused request is part of it.
TOLD = ("status of 4",)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
async def test_a_page_is_open_to_everybody_and_quiet(stop: Stop, log_in: LogIn, world: World) -> None:
    desk = await log_in(stop.role)
    page = desk.page
    await stop.visit(page, world)
    found = {"light": await violations(page)}
    await page.emulate_media(color_scheme="dark")
    found["dark"] = await violations(page)
    shifts = await desk.shifts()
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    found["narrow"] = await violations(page)
    assert {look: lines for look, lines in found.items() if lines} == {}
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert sum(value for value, _ in shifts) <= CLS_LIMIT, shifts
    assert [line for line in desk.complaints if not any(told in line for told in TOLD)] == []


async def test_a_first_visit_is_light(log_in: LogIn, world: World) -> None:
    for path, limit in WEIGHT_LIMITS.items():
        desk = await log_in("" if path == "/login" else "admin")
        sent = await desk.bytes_of(path.format(**vars(world)))
        assert sum(sent.values()) <= limit, sorted(sent.items(), key=lambda one: -one[1])


async def test_nothing_moves_for_who_wants_no_motion(log_in: LogIn, world: World) -> None:
    page = (await log_in("admin")).page
    await page.emulate_media(reduced_motion="reduce")
    for path in ("/", f"/sessions/{world.running}"):
        await page.goto(path)
        moving = """() => [...document.querySelectorAll("*")].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return animationName !== "none" || transitionDuration !== "0s";
        }).length"""
        assert await page.evaluate(moving) == 0
