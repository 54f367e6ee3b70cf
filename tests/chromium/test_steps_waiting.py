"""Steps that wait."""

from __future__ import annotations

import time

import pytest

from tests.chromium.conftest import Launch, evaluate
from tests.chromium.stepping import OUT, Step, do, error, step, well
from tests.site.server import Playground


async def test_sleep_takes_its_time(launch: Launch) -> None:
    outcome = await do(await launch("/red"), step("sleep", duration=120), step("wait", duration=0))
    assert [result.action for result in outcome.results] == ["sleep", "wait"]
    assert 115 <= outcome.results[0].duration_ms < 1000


@pytest.mark.parametrize("selector", ["#came", "//*[@id='came']", "document.getElementById('came')"])
async def test_an_element_that_comes(launch: Launch, playground: Playground, selector: str) -> None:
    session = await launch(playground.url("/late"))
    await well(session, step("click", "#begin"), step("waitForSelector", selector, options={"visible": True}))
    assert await evaluate(session, "window.came")


@pytest.mark.parametrize("selector", ["#cover", "document.querySelector('#cover')"])
async def test_an_element_that_is_hidden(launch: Launch, playground: Playground, selector: str) -> None:
    session = await launch(playground.url("/late"))
    await well(session, step("waitForSelector", selector), step("wait", selector, options={"hidden": True}))
    said = await error(session, step("waitForSelector", selector, options={"visible": True, "timeout": 100}))
    assert said == f"{selector} is not visible within 0.1 seconds"
    await well(
        session, step("click", "#covers"), step("waitForSelector", selector, options={"visible": True})
    )
    said = await error(session, step("waitForSelector", selector, options={"hidden": True}, timeout=100))
    assert said == f"{selector} is not hidden within 0.1 seconds"


async def test_what_is_gone_is_hidden(launch: Launch) -> None:
    session = await launch("/red")
    for selector in ("#gone", "document.querySelector('#gone')"):
        await well(session, step("waitForSelector", selector, options={"hidden": True}))


async def test_a_navigation_that_the_step_before_began(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/links"))
    outcome = await do(session, step("click", "#slow"), step("waitForNavigation"), step("getText", "h1"))
    assert [result.value for result in outcome.results] == [None, True, "Here at last"]
    # It had happened by then.
    assert outcome.results[1].duration_ms < 1000


async def test_a_navigation_that_comes_later(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    later = f"setTimeout(() => {{ location.href = '{playground.url('/slowly')}' }}, 300)"
    outcome = await do(
        session,
        step("evaluate", function=later),
        step("wait", navigation=True, options={"waitUntil": "load"}),
        OUT,
    )
    assert (outcome.results[1].value, outcome.result) == (True, "loaded")


async def test_a_page_that_only_changes_its_address(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/links"))
    outcome = await do(session, step("click", "#pushed"), step("waitForNavigation"))
    assert outcome.results[1].value is True


async def test_no_navigation_is_no_failure(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    # That of an earlier step does not count.
    go, click = step("go", url=playground.url("/controls")), step("click", "#click")
    outcome = await do(session, go, click, step("waitForNavigation", timeout=150), OUT)
    assert (outcome.success, outcome.results[2].value, outcome.result) == (True, False, "click")


async def test_a_function_that_becomes_true(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/late"))
    cases: list[tuple[str, Step]] = [
        ("window.came", {}),
        ("() => window.came", {"options": {"polling": "raf"}}),
        ("async (name) => window[name]", {"args": ["came"], "options": {"polling": 20}}),
    ]
    for source, more in cases:
        await well(session, step("reload"), step("click", "#begin"), step("wait", function=source, **more))
        assert await evaluate(session, "window.came")


async def test_a_function_is_asked_of_the_next_page_too(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/links"))
    await evaluate(session, "setTimeout(() => scripted.click(), 100)")
    await well(session, step("waitForFunction", function="document.title === 'Article'"))


async def test_a_function_that_does_not(launch: Launch) -> None:
    session = await launch("/red")
    said = await error(session, step("waitForFunction", function="false", timeout=100))
    assert said == "the function gave nothing true within 0.1 seconds"
    assert "ReferenceError" in await error(session, step("waitForFunction", function="nothing.there"))


async def test_a_page_comes_to_rest(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/late"))
    outcome = await do(session, step("click", "#begin"), step("waitForDomUpdate"))
    assert outcome.results[1].value is True
    assert await evaluate(session, "window.came")


async def test_a_page_that_never_rests_goes_on(launch: Launch) -> None:
    session = await launch("/moves")
    began = time.monotonic()
    outcome = await do(session, step("waitForDomUpdate", timeout=700))
    assert (outcome.success, outcome.results[0].value) == (True, False)
    assert 0.6 < time.monotonic() - began < 3
