"""The clocks of a session keep their word to the second."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine.clocks import Clocks
from sessions_app.engine.events import DeadlinePassed
from sessions_app.models import Session
from sessions_app.services import following, sessions
from sessions_app.services.facts import moment

if TYPE_CHECKING:
    from sessions_app.engine.events import Deadline

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("limits", "lived", "reason"),
    [
        ({"idle_timeout": 1, "max_lifetime": 60}, 0.0, "idle_timeout"),
        ({"idle_timeout": 60, "max_lifetime": 1}, 0.0, "max_lifetime"),
        ({"idle_timeout": 60, "max_lifetime": 60}, 59.0, "max_lifetime"),
    ],
)
async def test_it_ends_in_the_second_that_it_announced(engine, start, operator, limits, lived, reason):
    session = await start(**limits)
    ended = asyncio.Event()

    async def end(passed: DeadlinePassed) -> None:
        await following.follow(passed)
        ended.set()

    async with asyncio.TaskGroup() as group:

        def passed(why: Deadline) -> None:
            group.create_task(end(DeadlinePassed(session_id=session.id, reason=why)))

        clocks = Clocks(**limits, lived=lived, is_watched=lambda: False, on_deadline=passed)
        announced = moment(clocks.expires_at)
        await ended.wait()
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == ("expired", reason)
    row = await Session.objects.aget(pk=session.id)
    assert row.ended_at
    assert 0 <= (row.ended_at - announced).total_seconds() < 1
