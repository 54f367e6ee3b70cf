"""A program's calls on a live session: in order, in time, on the tab that everybody sees."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from sessions_app.engine.automation import driver
from sessions_app.engine.automation.hands import Deadline, Hands, Interaction
from sessions_app.engine.automation.sight import Sight
from sessions_app.engine.config import EngineConfig, LaunchSpec
from sessions_app.engine.engine import Engine
from sessions_app.engine.errors import AutomationUnavailable, DeadlineExceeded
from sessions_app.engine.events import DeadlinePassed
from sessions_app.engine.session import LiveSession
from tests import processes
from tests.chromium.conftest import Ear, Launch, Watcher
from tests.chromium.site import Site
from tests.colours import BLUE
from tests.waiting import until

DRIVER = "playwright/driver"


async def title(session: LiveSession, seconds: float = 15) -> str:
    async with session.pilot.turn(seconds):
        return await (await session.pilot.page()).title()


async def type_into(session: LiveSession, text: str, *, seconds: float) -> None:
    async with session.pilot.turn(seconds):
        hands = Hands(await session.pilot.page(), Sight(), Deadline(seconds), Path)
        await hands.do(Interaction(action="type", text=text))


def drivers() -> set[int]:
    """Those that this process started."""
    return {
        pid for pid in processes.naming(DRIVER) if f"\nPPid:\t{os.getpid()}\n" in processes.status_of(pid)
    }


async def test_it_acts_on_the_tab_that_is_in_front(launch: Launch, site) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    first = await title(session)
    await session.open_tab(site.url("/blue"))
    async with session.pilot.turn(15):
        page = await session.pilot.page()
        assert page.url == site.url("/blue")
    await watcher.until_it_sees(BLUE)
    session.activate_tab(1)
    assert await title(session) == first


async def test_it_is_no_outside_client_and_no_activity(launch: Launch) -> None:
    session = await launch("/red")
    before = session.last_activity_at
    await title(session)
    assert session.cdp_clients == ()
    assert session.last_activity_at == before


async def test_a_session_is_not_idle_while_a_call_has_its_turn(launch: Launch, ear: Ear) -> None:
    session = await launch("/red", idle_timeout=1)
    async with session.pilot.turn(15):
        await (await session.pilot.page()).evaluate("new Promise(done => setTimeout(done, 1500))")
        assert not ear.has(DeadlinePassed)
    await until(lambda: ear.has(DeadlinePassed))


async def test_calls_come_one_at_a_time_in_order(launch: Launch) -> None:
    session = await launch("/red")
    done: list[int] = []

    async def call(number: int) -> None:
        async with session.pilot.turn(15):
            page = await session.pilot.page()
            await page.evaluate("wait => new Promise(done => setTimeout(done, wait))", 60 - 20 * number)
            done.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(call(number))
    assert done == [0, 1, 2]


async def test_a_call_ends_at_its_deadline_and_the_next_one_works(launch: Launch) -> None:
    session, other = await launch("/red"), await launch("/red")
    with pytest.raises(DeadlineExceeded, match=r"0\.3 seconds"):
        async with session.pilot.turn(0.3):
            await (await session.pilot.page()).evaluate("new Promise(() => {})")
    assert await title(session)
    assert await title(other)


async def test_what_was_broken_off_does_not_happen_in_the_next_call(launch: Launch) -> None:
    session = await launch("data:text/html,<button disabled onclick='document.title=`clicked`'>x</button>")
    with pytest.raises(DeadlineExceeded):
        async with session.pilot.turn(1):
            await (await session.pilot.page()).click("button", timeout=10_000)
    async with session.pilot.turn(15):
        page = await session.pilot.page()
        await page.evaluate("document.querySelector('button').disabled = false")
        # Longer than Playwright takes to try again.
        await page.evaluate("new Promise(done => setTimeout(done, 1500))")
        assert await page.title() == ""


async def test_a_tab_behind_that_hangs_keeps_no_program_away(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    first = session.active
    await session.open_tab(site.url("/blue"))
    first.post("Runtime.evaluate", {"expression": "while (1);"})
    async with session.pilot.turn(10):
        assert (await session.pilot.page()).url == site.url("/blue")


async def test_a_tab_that_was_busy_is_seen_when_it_comes_to_the_front(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    first = session.active
    await session.open_tab(site.url("/blue"))
    first.post("Runtime.evaluate", {"expression": "const end = Date.now() + 2000; while (Date.now() < end);"})
    assert await title(session)
    session.activate_tab(first.id)
    async with session.pilot.turn(10):
        assert (await session.pilot.page()).url == site.url("/red")


async def test_waiting_in_line_counts(launch: Launch) -> None:
    session = await launch("/red")
    async with session.pilot.turn(15):
        with pytest.raises(DeadlineExceeded):
            async with session.pilot.turn(0.05):
                raise AssertionError


async def test_a_driver_that_dies_is_started_again(launch: Launch) -> None:
    session = await launch("/red")
    await title(session)
    [dies] = drivers()
    # What Playwright was waiting for itself is heard by nobody.
    asyncio.get_running_loop().set_exception_handler(lambda _, __: None)
    os.kill(dies, signal.SIGKILL)
    await until(lambda: "not attached" in repr(session.pilot))
    assert await title(session)
    assert len(drivers()) == 1


async def test_a_dialog_in_a_tab_behind_keeps_no_program_away(launch: Launch) -> None:
    session = await launch("/red")
    behind = await session.open_tab("data:text/html,<script>setTimeout(alert, 100)</script>")
    session.activate_tab(1)
    waiting = next(tab for tab in session.open_tabs if tab.id == behind.id)
    await until(lambda: waiting.dialog is not None)
    with session.answering.on(*session.open_tabs):
        assert await title(session)


async def test_a_driver_that_hangs_is_replaced(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    session, other = await launch("/red"), await launch("/red")
    await title(session)
    [hangs] = drivers()
    monkeypatch.setattr(driver, "CONNECT_LIMIT", 3.0)
    monkeypatch.setattr(driver, "STOP_LIMIT", 0.5)
    os.kill(hangs, signal.SIGSTOP)
    try:
        assert await title(other)
        assert len(drivers()) == 2
    finally:
        os.kill(hangs, signal.SIGKILL)


async def test_a_tab_that_went_before_playwright_knew_it_is_not_waited_for(launch: Launch) -> None:
    session = await launch("/red")
    await title(session)
    front = session.active
    closed = SimpleNamespace(target_id="closed")
    session.pilot._active = lambda: closed  # type: ignore[assignment,return-value]
    asyncio.get_running_loop().call_later(0.1, setattr, session.pilot, "_active", lambda: front)
    assert await title(session, 5)


async def test_what_a_call_was_typing_is_not_gone_on_with_after_its_time(launch: Launch) -> None:
    session = await launch("data:text/html,<textarea id=t autofocus></textarea>")
    with pytest.raises(DeadlineExceeded):
        await type_into(session, "x" * 20_000, seconds=2)
    async with session.pilot.turn(15):
        page = await session.pilot.page()
        typed = "new Promise(done => setTimeout(() => done(t.value.length), 200))"
        first = await page.evaluate(typed)
        assert 0 < first == await page.evaluate(typed)


async def test_an_ended_browser_does_not_cost_the_others_their_driver(launch: Launch) -> None:
    session, other = await launch("/red"), await launch("/red")
    await title(other)
    before = drivers()
    await session.aclose()
    with pytest.raises(AutomationUnavailable):
        await title(session)
    assert await title(other)
    assert drivers() == before


async def test_nothing_is_left_when_the_engine_ends(config: EngineConfig) -> None:
    async with Engine(config) as engine:
        assert await title(await engine.launch(LaunchSpec(session_id="ses_1"))) == ""
        assert [path.stat().st_mode & 0o777 for path in config.sessions_dir.glob("*.sock")] == [0o600]
        assert drivers()
    assert not drivers()
