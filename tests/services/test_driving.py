"""A program's turn: its rights, its place in line, persons before programs, and its deadline."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine.control import Holder
from sessions_app.engine.errors import AutomationUnavailable, BrowserClosed
from sessions_app.models import Session, SessionStatus
from sessions_app.services import driving, errors
from tests.waiting import turns, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.django_db(transaction=True)

ADA = Holder("person", "v1", "Ada")
SOON = 0.1


@pytest.fixture
async def session(start):
    return await start()


@pytest.fixture
def live(session, engine):
    return engine.find(session.id)


async def take_turn(actor, session, seconds: float = 5) -> None:
    async with driving.turn(actor, session.id, seconds):
        pass


async def test_it_gets_the_session_and_its_page(operator, session, live):
    before = live.touched
    async with driving.turn(operator, session.id) as got:
        assert got == (live, live.pilot.fake)
        assert live.touched == before + 1
    # How long it took must not count as idle.
    assert live.touched == before + 2


async def test_a_viewer_may_not(viewer, session):
    with pytest.raises(errors.Forbidden):
        await take_turn(viewer, session)


@asynccontextmanager
async def broken_turn(actor, session, error: Exception | None = None) -> AsyncIterator[list[str]]:
    """A turn in which the page fails after what is done within; the codes of what the caller is told."""
    told: list[str] = []
    try:
        async with driving.turn(actor, session.id):
            yield told
            raise error or RuntimeError("Target closed")
    except errors.ServiceError as refusal:
        told.append(refusal.code)


async def test_calls_take_turns_in_order(operator, session):
    order: list[str] = []

    async def call(name: str) -> None:
        async with driving.turn(operator, session.id):
            order.append(f"{name} begins")
            await turns()
            order.append(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        for name in ("one", "two", "three"):
            group.create_task(call(name))
    assert order == [f"{name} {what}" for name in ("one", "two", "three") for what in ("begins", "ends")]


async def test_a_slow_call_does_not_hold_up_another_session(operator, session, start):
    other = await start()
    async with driving.turn(operator, session.id):
        await take_turn(operator, other)


async def test_waiting_in_line_counts(operator, session):
    async with driving.turn(operator, session.id):
        with pytest.raises(errors.DeadlineExceeded) as caught:
            await take_turn(operator, session, SOON)
    assert (caught.value.code, caught.value.status) == ("deadline_exceeded", 504)


async def test_a_page_that_hangs_is_named(operator, session, engine):
    engine.find(session.id).hangs = True
    with pytest.raises(errors.DeadlineExceeded, match="does not respond; open another tab"):
        async with driving.turn(operator, session.id, SOON):
            await asyncio.Event().wait()


async def test_what_takes_too_long_ends_and_the_next_has_its_turn(operator, session):
    with pytest.raises(errors.DeadlineExceeded):
        async with driving.turn(operator, session.id, SOON):
            await asyncio.Event().wait()
    await take_turn(operator, session)


async def test_a_person_who_steers_comes_first(operator, session, live):
    live.take_control(ADA)
    with pytest.raises(errors.Conflict) as caught:
        await take_turn(operator, session)
    assert caught.value.code == "paused_by_operator"
    assert "Ada" in caught.value.detail
    live.give_back_control(ADA.id)
    await take_turn(operator, session)


async def test_who_waited_in_line_may_find_a_person_there(operator, session, live):
    async with asyncio.TaskGroup() as group, driving.turn(operator, session.id):
        waiting = group.create_task(refused(operator, session))
        await until(lambda: live.touched >= 2)
        live.take_control(ADA)
    assert waiting.result() == "paused_by_operator"


async def refused(actor, session) -> str:
    with pytest.raises(errors.Conflict) as caught:
        await take_turn(actor, session)
    return caught.value.code


async def test_a_program_that_holds_control_is_no_hindrance(operator, session, live):
    live.take_control(Holder("program", "key_other", "other"))
    await take_turn(operator, session)


async def test_a_session_that_waits_goes_on_when_control_is_given_back(operator, session, live):
    await Session.objects.filter(pk=session.id).aupdate(while_controlled="wait")
    live.take_control(ADA)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(take_turn(operator, session))
        await until(lambda: live.touched)
        # From one person to another.
        live.take_control(Holder("person", "v2", "Grace"), force=True)
        await turns()
        assert not waiting.done()
        live.give_back_control("v2")


async def test_it_waits_for_a_person_no_longer_than_it_may(operator, session, live):
    await Session.objects.filter(pk=session.id).aupdate(while_controlled="wait")
    live.take_control(ADA)
    with pytest.raises(errors.DeadlineExceeded, match=r"0\.1 seconds\. Ada has control\."):
        await take_turn(operator, session, SOON)


@pytest.mark.parametrize("status", [SessionStatus.RELEASED, SessionStatus.EXPIRED])
async def test_an_ended_session(operator, session, engine, status):
    await engine.find(session.id).aclose()
    await Session.objects.filter(pk=session.id).aupdate(status=status, ended_at=session.created_at)
    with pytest.raises(errors.SessionEnded) as caught:
        await take_turn(operator, session)
    assert caught.value.detail == f"session not found: {session.id} ({status})"


async def test_a_session_that_ends_during_the_call(operator, session, live):
    rows = Session.objects.filter(pk=session.id)
    async with broken_turn(operator, session) as told:
        await rows.aupdate(status=SessionStatus.RELEASED, ended_at=session.created_at)
        live.is_closing = True
    assert told == ["session_ended"]


async def test_a_session_that_ended_while_the_call_waited_in_line(operator, session, live):
    rows = Session.objects.filter(pk=session.id)
    # Playwright finds nobody to attach to.
    async with broken_turn(operator, session, AutomationUnavailable("no")) as told:
        await rows.aupdate(status=SessionStatus.RELEASED, ended_at=session.created_at)
    assert told == ["session_ended"]


async def test_a_browser_that_goes_during_the_call(operator, session, live):
    async with broken_turn(operator, session) as told:
        live.pilot.attached = False
    assert told == ["browser_unavailable"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(BrowserClosed("gone"), "browser_unavailable"), (AutomationUnavailable("no"), "automation_unavailable")],
)
async def test_what_the_engine_says(operator, session, error, code):
    async with broken_turn(operator, session, error) as told:
        pass
    assert told == [code]


async def test_our_own_mistakes_stay_what_they_are(operator, session):
    with pytest.raises(ZeroDivisionError):
        async with driving.turn(operator, session.id):
            raise ZeroDivisionError


async def test_a_dialog_does_not_outlive_the_turn(operator, session, live):
    async with driving.turn(operator, session.id):
        assert "on" in repr(live.answering)
    assert "off" in repr(live.answering)
