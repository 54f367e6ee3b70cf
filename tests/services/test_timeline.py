"""What engines report gets into the timeline: in order, all of it, and no more than is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection
from django.utils import timezone

from sessions_app.engine.events import Navigated, Noted, ViewerLeft
from sessions_app.models import Event, Session
from sessions_app.services import events, following, labels, sessions, timeline
from sessions_app.services.timeline import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_waits():
    yield
    timeline.forget()


def entry(session_id: str, n: int, kind: str = "console", **data: Any) -> Entry:
    return Entry(session_id, kind, {"n": n, **data}, 1_800_000_000.0 + n)


async def kept(session_id: str) -> list[tuple[str, Any]]:
    """Of what the tests add: the kinds and numbers."""
    rows = Event.objects.filter(session_id=session_id, data__has_key="n").order_by("pk")
    return [(row.kind, row.data["n"]) async for row in rows]


async def fill(session_id: str, count: int, kind: str) -> None:
    now = timezone.now()
    rows = [Event(session_id=session_id, kind=kind, at=now, data={"n": n}) for n in range(count)]
    await Event.objects.abulk_create(rows)


class Database:
    """Refuses the next `failures` batches with this error."""

    def __init__(self, error: Exception, failures: int = 1) -> None:
        self.error = error
        self.failures = failures

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "INSERT" in sql and "event" in sql and self.failures:
            self.failures -= 1
            raise self.error
        return execute(sql, params, many, context)

    async def __aenter__(self) -> Database:
        await sync_to_async(lambda: connection.execute_wrappers.append(self))()
        return self

    async def __aexit__(self, *_: object) -> None:
        await sync_to_async(lambda: connection.execute_wrappers.remove(self))()


async def test_entries_keep_their_order_and_their_time(start):
    one, two = await start(), await start()
    for n in range(3):
        timeline.add(entry(one.id, n, kind="console" if n % 2 else "network"))
        timeline.add(entry(two.id, n + 10))
    assert await kept(one.id) == []
    await timeline.flush()
    assert await kept(one.id) == [("network", 0), ("console", 1), ("network", 2)]
    assert await kept(two.id) == [("console", 10), ("console", 11), ("console", 12)]
    written = await Event.objects.aget(session_id=one.id, data__n=2)
    assert written.at.timestamp() == 1_800_000_002.0


async def test_a_batch_is_bounded_and_everything_is_written(start, monkeypatch):
    monkeypatch.setattr(timeline, "BATCH", 7)
    session = await start()
    for n in range(50):
        timeline.add(entry(session.id, n))
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(timeline.flush())
    assert [n for _, n in await kept(session.id)] == list(range(50))


async def test_a_deleted_session_costs_the_others_nothing(start):
    session = await start()
    timeline.add(entry("ses_gone", 1))
    timeline.add(entry(session.id, 2))
    await timeline.flush()
    assert await kept(session.id) == [("console", 2)]
    assert not await Event.objects.filter(session_id="ses_gone").aexists()


async def test_an_entry_that_cannot_be_written_costs_the_others_nothing(start, caplog):
    one, two = await start(), await start()
    timeline.add(entry(one.id, 1, what=object()))
    timeline.add(entry(two.id, 2))
    await timeline.flush()
    assert (await kept(one.id), await kept(two.id)) == ([], [("console", 2)])
    assert "1 entries of" in caplog.text


async def test_a_database_that_does_not_answer_gets_them_later_in_order(start, caplog):
    session = await start()
    async with Database(OperationalError("database is locked"), failures=2):
        timeline.add(entry(session.id, 1))
        await timeline.flush()
        timeline.add(entry(session.id, 2))
        await timeline.flush()
        assert await kept(session.id) == []
        timeline.add(entry(session.id, 3))
        await timeline.flush()
    assert [n for _, n in await kept(session.id)] == [1, 2, 3]
    assert caplog.text.count("wait for the database") == 1


async def test_what_waits_meanwhile_is_bounded_and_what_is_left_out_counted(start, monkeypatch):
    monkeypatch.setattr(timeline, "MAX_WAITING", 3)
    session = await start()
    for n in range(6):
        timeline.add(entry(session.id, n))
    timeline.add(entry(session.id, 6, kind="navigation"))
    await timeline.flush()
    timeline.add(entry(session.id, 7))
    await timeline.flush()
    assert [n for _, n in await kept(session.id)] == [0, 1, 2, 6, 7]
    [told] = [row async for row in Event.objects.filter(session_id=session.id, data__what="dropped")]
    assert (told.kind, told.data["count"]) == ("console", 3)


async def test_a_caller_who_leaves_loses_nothing(start):
    session = await start()
    timeline.add(entry(session.id, 1))
    async with asyncio.TaskGroup() as group:
        flushing = group.create_task(timeline.flush())
        await asyncio.sleep(0)
        flushing.cancel()
    timeline.add(entry(session.id, 2))
    await timeline.flush()
    assert [n for _, n in await kept(session.id)] == [1, 2]


class TestTheEnd:
    async def test_what_was_known_stands_before_it_and_nothing_after(self, start, operator):
        session = await start()
        timeline.add(entry(session.id, 1))
        await sessions.release(operator, session.id)
        timeline.add(entry(session.id, 2))
        left = ViewerLeft(session_id=session.id, viewer_id="v1", name="Ada", role="view")
        await following.follow(left)
        await timeline.flush()
        assert await kept(session.id) == [("console", 1)]
        last = await Event.objects.filter(session_id=session.id).alatest("pk")
        assert (last.kind, last.data["status"]) == ("lifecycle", "released")

    async def test_a_database_that_refuses_entries_does_not_keep_a_session_alive(self, start, operator):
        session = await start()
        timeline.add(entry(session.id, 1))
        async with Database(OperationalError("no")):
            await sessions.release(operator, session.id)
        row = await Session.objects.aget(pk=session.id)
        assert row.status == "released"

    async def test_a_label_stands_after_what_came_before_it(self, start, operator):
        session = await start()
        timeline.add(entry(session.id, 1))
        await labels.merge(operator, session.id, labels={"a": "b"})
        await labels.replace(operator, session.id, labels={"c": "d"})
        kinds = [row.kind async for row in Event.objects.filter(session_id=session.id).order_by("pk")]
        assert kinds[-3:] == ["console", "label", "label"]


class TestRetention:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        monkeypatch.setattr(events, "MAX_KEPT", 20)
        monkeypatch.setattr(events, "ROOM", 5)

    async def test_the_oldest_of_what_pages_say_goes_first(self, start):
        session = await start()
        await fill(session.id, 6, "navigation")
        await fill(session.id, 10, "network")
        for n in range(100, 104):
            timeline.add(entry(session.id, n))
        await timeline.flush()
        assert await Event.objects.filter(session_id=session.id).acount() == 15
        left = await kept(session.id)
        assert left[:6] == [("navigation", n) for n in range(6)]
        assert [n for _, n in left[6:]] == [7, 8, 9, 100, 101, 102, 103]

    async def test_then_the_others_but_never_the_sessions_own_life(self, start):
        session = await start()
        await fill(session.id, 18, "navigation")
        timeline.add(entry(session.id, 50, kind="dialog"))
        await timeline.flush()
        rows = [row async for row in Event.objects.filter(session_id=session.id).order_by("pk")]
        assert len(rows) <= 20
        assert [row.data["status"] for row in rows if row.kind == "lifecycle"] == ["starting", "running"]
        assert rows[-1].data["n"] == 50

    async def test_ids_go_on_growing(self, start):
        session = await start()
        for n in range(60):
            timeline.add(entry(session.id, n))
        await timeline.flush()
        newest = (await Event.objects.filter(session_id=session.id).alatest("pk")).pk
        await Event.objects.filter(session_id=session.id, kind="console").adelete()
        timeline.add(entry(session.id, 99))
        await timeline.flush()
        assert (await Event.objects.aget(data__n=99)).pk > newest


class TestSize:
    def test_texts_and_addresses_are_cut(self):
        data = timeline.bounded({"message": "x" * 9_000, "url": "data:," + "y" * 9_000, "n": 1})
        assert (len(data["message"]), len(data["url"]), data["n"]) == (2_000, 100, 1)

    def test_all_of_it_together_is_bounded(self):
        data = timeline.bounded(dict.fromkeys("abcdef", "語" * 2000))
        assert sum(len(text.encode()) for text in data.values()) < timeline.MAX_DATA
        assert len({len(text) for text in data.values()}) == 1


async def test_engine_events_carry_their_own_time(start):
    session = await start()
    await following.follow(
        Navigated(session_id=session.id, tab=1, url="https://example.com/", at=1_800_000_000.0)
    )
    note = Noted(
        session_id=session.id, kind="download", data={"what": "begun", "name": "a"}, at=1_800_000_001.0
    )
    await following.follow(note)
    await timeline.flush()
    rows = [row async for row in Event.objects.filter(session_id=session.id).order_by("pk")][-2:]
    assert [(row.kind, row.at.timestamp()) for row in rows] == [
        ("navigation", 1_800_000_000.0),
        ("download", 1_800_000_001.0),
    ]
    assert rows[1].data == {"what": "begun", "name": "a"}
