"""Lists of steps: who may, in which session, and what becomes of one that was made for them."""

from __future__ import annotations

import asyncio

import pytest

from sessions_app.models import EndReason, Session, SessionStatus
from sessions_app.services import sessions
from sessions_app.services.errors import DeadlineExceeded, Forbidden, Invalid, PageRefused, SessionEnded
from sessions_app.services.new_session import NewSession
from sessions_app.services.steps.calls import Asked, run, run_in_new
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

GO = {"action": "go", "url": "example.com"}
FAILS = {"action": "click", "selector": "#a"}


async def test_steps_are_done_in_a_session_that_runs(operator, start, engine):
    session = await start()
    live = engine.find(session.id)
    touched = live.touched
    outcome = await run(operator, session.id, Asked(steps=[GO, FAILS]))
    assert (outcome.session_id, outcome.success) == (session.id, False)
    assert [result.error for result in outcome.results] == [None, "This page cannot wait_for_selector."]
    assert live.pilot.fake.url == "https://example.com"
    assert live.touched > touched
    assert live.audience.actions == 1


async def test_it_stops_at_an_error_unless_it_shall_not(operator, start):
    session = await start()
    stopped = await run(operator, session.id, Asked(steps=[FAILS, GO]))
    assert len(stopped.results) == 1
    went_on = await run(operator, session.id, Asked(steps=[FAILS, GO], stop_on_error=False))
    assert [result.success for result in went_on.results] == [False, True]


async def test_nothing_is_done_when_one_of_them_cannot_be(operator, start, engine):
    session = await start()
    with pytest.raises(Invalid) as refused:
        await run(operator, session.id, Asked(steps=[GO, {"action": "fly"}]))
    assert refused.value.field == "steps.1.action"
    assert engine.find(session.id).pilot.fake.url == "about:blank"


async def test_a_viewer_may_not(viewer, start):
    session = await start()
    with pytest.raises(Forbidden):
        await run(viewer, session.id, Asked(steps=[GO]))
    with pytest.raises(Forbidden):
        await run_in_new(viewer, NewSession(), Asked(steps=[GO]))
    assert await Session.objects.acount() == 1


async def test_an_ended_session_says_so(operator, start):
    session = await start()
    await sessions.release(operator, session.id)
    with pytest.raises(SessionEnded, match=f"session not found: {session.id}"):
        await run(operator, session.id, Asked(steps=[GO]))


async def test_a_session_that_ends_meanwhile_is_told_as_ended(operator, start, engine):
    session = await start()
    live = engine.find(session.id)
    async with asyncio.TaskGroup() as group:
        steps = [{"action": "sleep", "duration": 100}, FAILS]
        call = group.create_task(_ended(operator, session.id, steps))
        await until(lambda: live.pilot.is_busy)
        live.is_closing = True
        await sessions.release(operator, session.id)
    assert session.id in call.result()


async def _ended(operator, session_id, steps) -> str:
    with pytest.raises(SessionEnded) as ended:
        await run(operator, session_id, Asked(steps=steps))
    return ended.value.detail


async def test_waiting_in_line_counts(operator, start, engine):
    session = await start()
    async with engine.find(session.id).pilot.turn(5):
        with pytest.raises(DeadlineExceeded):
            await run(operator, session.id, Asked(steps=[GO], seconds=0.1))


async def test_a_new_session_stays_open(operator, engine):
    outcome = await run_in_new(operator, NewSession(labels={"a": "b"}), Asked(steps=[GO, FAILS]))
    assert (outcome.success, len(outcome.results)) == (False, 2)
    row = await Session.objects.aget(pk=outcome.session_id)
    assert row.status == SessionStatus.RUNNING
    assert engine.find(row.id).pilot.fake.url == "https://example.com"


async def test_no_session_is_made_for_steps_that_cannot_be(operator, engine):
    with pytest.raises(Invalid):
        await run_in_new(operator, NewSession(), Asked(steps=[{"action": "fly"}]))
    assert not engine.launched


async def test_what_nobody_learns_of_is_released(operator, engine, settings):
    engine.config = type(engine.config)(chromium={}, sessions_dir=engine.config.sessions_dir, max_sessions=0)
    with pytest.raises(DeadlineExceeded, match="No place became free"):
        await run_in_new(operator, NewSession(), Asked(steps=[GO], seconds=0.1))
    row = await Session.objects.aget()
    assert (row.status, row.end_reason) == (SessionStatus.RELEASED, EndReason.RELEASED)


async def test_who_hangs_up_leaves_no_session_behind(operator, engine):
    steps = [{"action": "sleep", "duration": 60_000}]
    async with asyncio.TaskGroup() as group:
        call = group.create_task(run_in_new(operator, NewSession(), Asked(steps=steps)))
        await until(lambda: engine.launched and engine.launched[0].pilot.is_busy)
        call.cancel()
    assert (await Session.objects.aget()).status == SessionStatus.RELEASED
    assert not engine.live


async def test_a_new_browser_that_goes_away(operator, engine):
    async with asyncio.TaskGroup() as group:
        steps = [{"action": "sleep", "duration": 100}, FAILS]
        call = group.create_task(_refused(operator, steps))
        await until(lambda: engine.launched and engine.launched[0].pilot.is_busy)
        engine.launched[0].is_closing = True
    assert "browser" in call.result()


async def _refused(operator, steps) -> str:
    with pytest.raises(PageRefused) as refused:
        await run_in_new(operator, NewSession(), Asked(steps=steps))
    return refused.value.detail
