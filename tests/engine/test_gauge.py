"""What a session uses is read when it is asked for, and an idle one is hardly asked."""

from __future__ import annotations

import os
from typing import Any

import pytest

from sessions_app.engine import gauge as module
from sessions_app.engine.errors import BrowserClosed
from sessions_app.engine.gauge import KEPT, Gauge
from sessions_app.engine.tab import Tab
from tests.engine.conftest import Clock, FakePipe, FakeTabs

METRICS = {"metrics": [{"name": "Nodes", "value": 49}, {"name": "JSHeapUsedSize", "value": 1_000}]}


class Subject:
    """A session whose browser is this test."""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.pipe.replies["Performance.getMetrics"] = METRICS
        self.open_tabs = [FakeTabs(self.pipe).tab()]
        self.cpu_seconds = 0.0
        self.process: Any = self

    pid = os.getpid()

    @property
    def active(self) -> Tab:
        return self.open_tabs[0]

    @property
    def asked(self) -> int:
        return len(self.pipe.commands("Performance.getMetrics"))


@pytest.fixture
def subject() -> Subject:
    return Subject()


@pytest.fixture
def gauge(subject: Subject, clock: Clock) -> Gauge:
    return Gauge(subject, clock)


async def test_a_reading(gauge: Gauge, subject: Subject, clock: Clock) -> None:
    clock.now += 10
    subject.cpu_seconds = 4
    reading = await gauge.read()
    assert (reading.cpu, reading.processes >= 1) == (0.4, True)
    assert reading.memory.bytes > 1_000_000
    assert reading.active
    assert reading.active.metrics == {"dom_nodes": 49, "js_heap_used": 1_000}
    assert (gauge.last, len(gauge.lately)) == (None, 0)


async def test_the_share_is_that_since_the_last_look(gauge: Gauge, subject: Subject, clock: Clock) -> None:
    for seconds, share in ((5.0, 0.5), (15.0, 1.0), (16.0, 0.1)):
        clock.now += 10
        subject.cpu_seconds = seconds
        look = await gauge.look()
        assert look
        assert look.cpu == share
    clock.now += 0.1
    subject.cpu_seconds += 0.5
    assert (await gauge.read()).cpu == 0.1
    assert [look.cpu for look in gauge.lately] == [0.5, 1.0, 0.1]


async def test_one_that_idles_is_asked_once_more_and_then_no_more(
    gauge: Gauge, subject: Subject, clock: Clock
) -> None:
    """So that what is told of it ends on that it idles."""
    told = []
    for seconds in (5.0, 5.0, 5.1, 5.1, 9.0):
        clock.now += 10
        subject.cpu_seconds = seconds
        told.append(await gauge.look() is not None)
    assert told == [True, True, False, False, True]
    assert subject.asked == 3
    assert len(gauge.lately) == 5
    assert repr(gauge) == "<Gauge cpu=0.39 looks=5>"


async def test_no_more_than_ten_minutes_are_kept(gauge: Gauge, clock: Clock) -> None:
    for _ in range(KEPT + 3):
        clock.now += 10
        await gauge.look()
    assert len(gauge.lately) == KEPT


async def test_a_tab_that_does_not_answer(
    gauge: Gauge, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TAB_LIMIT", 0.01)
    subject.pipe.replies.clear()
    reading = await gauge.read()
    assert reading.active
    assert reading.active.metrics is None


async def test_a_browser_that_went_away(gauge: Gauge, subject: Subject) -> None:
    subject.pipe.connection.close()
    with pytest.raises(BrowserClosed):
        await subject.active.call("Performance.getMetrics")
    assert [tab.metrics for tab in (await gauge.read()).tabs] == [None]
