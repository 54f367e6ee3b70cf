"""The order of the wall, what calls for a person, and what a glance notices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.engine.control import Holder
from sessions_app.models import Session
from sessions_app.services import sessions, wall
from sessions_app.services.errors import InvalidCursor
from sessions_app.services.wall import Needs

pytestmark = pytest.mark.django_db(transaction=True)


async def order(actor, **asked) -> list[str]:
    return [card.session.id for card in (await wall.cards(actor, **asked)).items]


def idle(engine, session, seconds: float) -> None:
    engine.live[session.id].last_activity_at -= seconds


async def test_who_needs_somebody_comes_first(engine, viewer, start):
    calm, dialog, crashed, hanging, asked = [await start() for _ in range(5)]
    engine.live[dialog.id].dialog = "May we?"
    engine.live[crashed.id].show(crashed=True)
    engine.live[hanging.id].show(unresponsive=True)
    engine.live[asked.id].audience.asked_by = ("Bob",)
    newest = await start()
    found = (await wall.cards(viewer)).items
    assert [card.session.id for card in found] == [
        asked.id,
        hanging.id,
        crashed.id,
        dialog.id,
        newest.id,
        calm.id,
    ]
    assert [card.needs for card in found] == [
        Needs(asked_by=("Bob",)),
        Needs(unresponsive=True),
        Needs(crashed=True),
        Needs(dialog=True),
        Needs(),
        Needs(),
    ]


async def test_who_was_busy_lately_comes_before_who_was_not(engine, viewer, start):
    one, two, three = [await start() for _ in range(3)]
    idle(engine, three, 400)
    idle(engine, two, 70)
    assert await order(viewer) == [one.id, two.id, three.id]


async def test_a_moment_more_or_less_moves_nothing(engine, viewer, start):
    one, two = await start(), await start()
    idle(engine, two, 30)
    assert await order(viewer) == [two.id, one.id]


async def test_those_in_the_queue_come_after_those_that_run_and_in_its_order(engine, viewer, start):
    running = await start()
    waiting = [(await start()).id for _ in range(2)]
    await Session.objects.filter(pk__in=waiting).aupdate(status="queued", started_at=None)
    idle(engine, running, 4000)
    assert await order(viewer) == [running.id, *waiting]


async def test_what_has_just_ended_stays_for_a_moment(engine, operator, viewer, start, monkeypatch):
    one, two, three = [await start() for _ in range(3)]
    await sessions.release(operator, two.id)
    (_, card, _) = (await wall.cards(viewer)).items
    assert (card.session.id, card.lingers, card.farewell) == (two.id, True, "This session was released.")
    await Session.objects.filter(pk=two.id).aupdate(ended_at=timezone.now() - wall.LINGER)
    assert await order(viewer) == [three.id, one.id, two.id]


async def test_another_projects_are_not_on_it(stranger, start):
    await start()
    assert await order(stranger) == []
    assert await wall.glance(stranger) == ()


async def test_a_page_goes_on_where_the_last_one_ended(operator, viewer, start, monkeypatch):
    monkeypatch.setattr(wall, "LINGER", timedelta(0))
    ids = [(await start()).id for _ in range(5)]
    for gone in ids[:4]:
        await sessions.release(operator, gone)
    first = await wall.cards(viewer, limit=2)
    assert [card.session.id for card in first.items] == [ids[4], ids[3]]
    assert await order(viewer, limit=2, cursor=first.next_cursor) == [ids[2], ids[1]]
    assert first.total == 5
    with pytest.raises(InvalidCursor):
        await wall.cards(viewer, cursor="nonsense")


async def test_a_glance_notices_what_is_shown_and_nothing_else(engine, operator, viewer, start):
    session = await start()
    live = engine.live[session.id]
    seen = await wall.glance(viewer)

    async def differs() -> bool:
        nonlocal seen
        before, seen = seen, await wall.glance(viewer)
        return seen != before

    live.touch()
    assert not await differs()
    live.show(title="Your cart")
    assert await differs()
    live.dialog = "May we?"
    assert await differs()
    live.viewer_count = 2
    assert await differs()
    live.take_control(Holder(kind="person", id="p", name="Grace"))
    assert await differs()
    live.audience.asked_by = ("Bob",)
    assert await differs()
    await sessions.update(operator, session.id, name="Shop")
    assert await differs()
    another = await start()
    assert await differs()
    await sessions.release(operator, another.id)
    assert await differs()
    assert not await differs()
