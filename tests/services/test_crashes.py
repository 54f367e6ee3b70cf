"""A browser that died: the session's end, or its next browser."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sessions_app.engine.config import Viewport
from sessions_app.engine.events import BrowserGone, DeadlinePassed
from sessions_app.models import Event, Session, SessionStatus
from sessions_app.services import errors, following, info, nodes, sessions
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def session(start):
    return await start(url="https://example.com/", on_crash="restart", name="Shop")


def gone(session, reason: Any = "browser_crashed") -> BrowserGone:
    return BrowserGone(session_id=session.id, reason=reason, detail="Chromium ended by itself.")


async def lifecycle(session) -> list[dict[str, str]]:
    entries = Event.objects.filter(session_id=session.id, kind="lifecycle").order_by("pk")
    return [entry.data async for entry in entries]


async def test_another_browser_goes_on_where_the_first_was(engine, session, operator):
    first = engine.find(session.id)
    first.show(url="https://example.com/cart", title="Cart")
    first.viewport = Viewport(width=900, height=500)
    await sessions.update(operator, session.id, name="Renamed", idle_timeout=77)
    then = timezone.now() - timedelta(minutes=20)
    await Session.objects.filter(pk=session.id).aupdate(started_at=then)
    await following.follow(gone(session))
    again = engine.find(session.id)
    assert again is not first
    assert first.closed == 1
    assert first.ending == {"restarting": True}
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.restarts, facts.end_reason) == ("running", 1, None)
    assert (facts.url, facts.viewport["width"], facts.started_at) == ("https://example.com/cart", 900, then)
    spec = again.spec
    assert (spec.name, spec.idle_timeout) == ("Renamed", 77)
    assert 1200 <= spec.lived < 1210
    assert (await lifecycle(session))[-1] == {"what": "restarted"}


async def test_what_was_used_goes_on_from_before(engine, session, operator):
    first = engine.find(session.id)
    first.usage.frames, first.usage.pages_visited, first.cpu_seconds = 100, 3, 2.0
    await following.follow(gone(session))
    again = engine.find(session.id)
    again.usage.frames, again.cpu_seconds = 7, 1.5
    assert (await sessions.get(operator, session.id)).usage.frames == 107
    await nodes.heartbeat()
    await following.follow(gone(session))
    facts = await sessions.release(operator, session.id)
    assert (facts.usage.frames, facts.usage.pages_visited, facts.usage.cpu_seconds) == (107, 5, 4.0)


async def test_an_address_that_nobody_may_ask_for_is_not_asked_for_again(engine, session):
    engine.find(session.id).show(url="chrome-error://chromewebdata/")
    await following.follow(gone(session))
    assert engine.find(session.id).spec.url == "about:blank"


@pytest.mark.parametrize("reason", ["browser_crashed", "out_of_memory"])
async def test_after_three_within_ten_minutes_it_ends(engine, session, operator, reason):
    for restarts in (1, 2, 3):
        await following.follow(gone(session))
        assert (await sessions.get(operator, session.id)).restarts == restarts
    await following.follow(gone(session, reason))
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason, facts.restarts) == ("failed", reason, 3)
    assert facts.error == ("Chromium ended by itself. It had been started again 3 times within 10 minutes.")
    assert not engine.sessions
    assert engine.launched[-1].ending["status"] == "failed"


async def test_what_is_longer_ago_does_not_count(engine, session, operator):
    for _ in range(3):
        await following.follow(gone(session))
    long_ago = timezone.now() - timedelta(minutes=10)
    await Event.objects.filter(session_id=session.id).aupdate(at=long_ago)
    await following.follow(gone(session))
    assert (await sessions.get(operator, session.id)).restarts == 4


async def test_one_that_does_not_start_again_ends(engine, session, operator):
    engine.failure = "Chromium ended at once."
    await following.follow(gone(session))
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason, facts.restarts) == ("failed", "browser_crashed", 0)
    assert facts.error == ("Chromium ended by itself. It could not be started again: Chromium ended at once.")


async def test_meanwhile_it_is_neither_ended_nor_ready(engine, session, operator):
    engine.asked.clear()
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(following.follow(gone(session)))
        await engine.asked.wait()
        assert (await sessions.get(operator, session.id)).status == SessionStatus.RUNNING
        with pytest.raises(errors.Conflict) as refusal:
            await info.get(operator, session.id)
        assert refusal.value.code == "session_starting"
        await nodes.heartbeat()
        engine.launching.set()
    assert (await info.get(operator, session.id)).resource_id == session.id


async def test_one_that_is_released_meanwhile_stays_released(engine, session, operator):
    engine.asked.clear()
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(following.follow(gone(session)))
        await engine.asked.wait()
        assert (await sessions.release(operator, session.id)).status == SessionStatus.RELEASED
        engine.launching.set()
    assert not engine.sessions
    assert {"what": "restarted"} not in await lifecycle(session)


@pytest.mark.parametrize("event", ["crash", "deadline"])
async def test_an_end_outlasts_a_database_that_does_not_answer(engine, start, operator, locked, event):
    session = await start()
    told = gone(session) if event == "crash" else DeadlinePassed(session_id=session.id, reason="max_lifetime")
    locked.left = 3
    await following.follow_surely(told, every=0.01, is_pointless=lambda: False)
    facts = await sessions.get(operator, session.id)
    assert facts.end_reason == ("browser_crashed" if event == "crash" else "max_lifetime")


async def test_so_does_a_restart(engine, session, operator, locked):
    locked.left = 2
    await following.follow_surely(gone(session), every=0.01, is_pointless=lambda: False)
    assert (await sessions.get(operator, session.id)).restarts == 1
    assert len(engine.sessions) == 1


async def test_a_server_that_stops_asks_no_more(engine, start, locked):
    session = await start()
    locked.left = 1000
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(following.follow_surely(gone(session), every=0.01, is_pointless=stopping.is_set))
        await until(lambda: locked.left < 998)
        stopping.set()


async def test_a_browser_that_dies_on_its_way_to_a_page_is_sent_there_again(engine, session, operator):
    for _ in range(2):
        await following.follow(gone(session))
        live = engine.find(session.id)
        assert live.spec.url == "https://example.com/"
        live.show(url="about:blank")
        live.usage.pages_visited = 0
        await nodes.heartbeat()
        assert (await sessions.get(operator, session.id)).url == "https://example.com/"
