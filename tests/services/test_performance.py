"""What sessions use goes into their timelines, while there is something to tell."""

from __future__ import annotations

import pytest

from sessions_app.engine.errors import BrowserClosed
from sessions_app.models import EndReason
from sessions_app.services import ending, events, performance, timeline

pytestmark = pytest.mark.django_db(transaction=True)


async def told(actor, session_id: str) -> list[dict[str, object]]:
    await timeline.flush()
    found = await events.list_events(actor, session_id, kinds=["performance"])
    return [event.data for event in found.items]


async def look_at_all(engine) -> None:
    for live in tuple(engine.live.values()):
        await performance.sample(live)


async def test_every_look_is_an_entry(start, engine, operator):
    session = await start()
    await look_at_all(engine)
    assert await told(operator, session.id) == [
        {
            "cpu": 0.25, "memory": 120_000_000, "tab": 1, "js_heap_used": 4_200_000, "dom_nodes": 1_234, "documents": 2
        }
    ]  # fmt: skip


async def test_one_that_idles_is_not_told_of(start, engine, operator):
    session = await start()
    engine.live[session.id].gauge.is_idle = True
    await look_at_all(engine)
    assert await told(operator, session.id) == []


async def test_one_that_cannot_be_measured_does_not_cost_the_others(start, engine, operator, caplog):
    broken, well = await start(), await start()

    async def look() -> None:
        raise BrowserClosed("gone")

    engine.live[broken.id].gauge.look = look
    await look_at_all(engine)
    assert (await told(operator, broken.id), len(await told(operator, well.id))) == ([], 1)
    assert "could not be measured" in caplog.text


async def test_what_was_measured_last_is_known_until_the_end(start, engine):
    session = await start()
    assert performance.known(session.id) is None
    await look_at_all(engine)
    known = performance.known(session.id)
    assert known
    assert (known.cpu, len(known.lately)) == (0.25, 1)
    await ending.end(session.id, EndReason.RELEASED)
    assert performance.known(session.id) is None
