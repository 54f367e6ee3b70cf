"""A list of steps as a whole: its order, its results, its time."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Error

from sessions_app.engine.errors import EngineError
from tests.chromium.conftest import Launch
from tests.chromium.stepping import OUT, do, step, well
from tests.site.server import Playground
from tests.waiting import until

BROKEN = step("click", "#nothing", timeout=50)


async def test_each_step_has_a_result(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    outcome = await do(session, step("click", "#click"), OUT, {"type": "wait", "duration": 1})
    assert (outcome.session_id, outcome.success, outcome.result) == (session.id, True, "click")
    assert [(r.index, r.action, r.success, r.value) for r in outcome.results] == [
        (0, "click", True, None),
        (1, "evaluate", True, "click"),
        (2, "wait", True, None),
    ]
    assert all(result.duration_ms >= 0 for result in outcome.results)


async def test_it_stops_at_the_first_error(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    outcome = await do(session, step("getText", "h1"), BROKEN, step("click", "#click"))
    assert [result.success for result in outcome.results] == [True, False]
    assert (outcome.success, outcome.result) == (False, "Controls")
    assert await well(session, OUT) == ""


async def test_or_goes_on(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    outcome = await do(session, BROKEN, step("click", "#click"), OUT, stop_on_error=False)
    assert [result.success for result in outcome.results] == [False, True, True]
    assert (outcome.success, outcome.result) == (False, "click")


async def test_the_browser_stays_as_it_was_left(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    await well(session, step("go", url=playground.url("/form")), step("write", "#name", value="Ada"))
    assert await well(session, step("getValue", "#name")) == "Ada"


async def test_a_page_that_is_still_coming_is_waited_for(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    await well(session, step("reload"))
    session.navigate(playground.url("/slow?ms=400"))
    await until(lambda: session.active_tab.loading)
    assert await well(session, step("evaluate", function="document.title")) == "Slow"


async def test_when_the_time_is_over_it_tells_how_far_it_came(launch: Launch) -> None:
    session = await launch("/moves")
    title = step("evaluate", function="document.title")
    # The first turn starts Playwright, which takes a time of its own.
    await well(session, title)
    for slow in (
        step("sleep", duration=5000),
        step("evaluate", function="new Promise(() => {})"),
        step("click", "#nothing"),
        step("waitForFunction", function="false", timeout=0),
    ):
        began = time.monotonic()
        outcome = await do(session, title, slow, title, seconds=1.5, stop_on_error=False)
        assert time.monotonic() - began < 3
        assert [result.success for result in outcome.results] == [True, False]
        assert outcome.results[1].error == "the time of the call was over"
        assert outcome.result == "moves"


async def test_a_hanging_page_holds_nobody_else_up(launch: Launch, playground: Playground) -> None:
    hangs, other = await launch(playground.url("/hang")), await launch(playground.url("/article"))
    await well(hangs, step("getText", "h1"))
    outcome = await do(hangs, step("click", "#hang"), step("getText", "h1"), seconds=1.5)
    assert not outcome.success
    assert await well(other, step("getText", "h1")) == "The harbour"


async def test_a_browser_that_goes_away_is_no_failed_step(launch: Launch) -> None:
    session = await launch("/red")
    await well(session, step("reload"))
    await session.aclose()
    with pytest.raises((EngineError, Error)):
        await do(session, step("reload"))
