"""When a session's time is up; the time passes when a test says so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine.clocks import Clocks
from tests.waiting import turns

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wrist:
    """Clocks on a hand that a test moves; the loop goes by the same one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real, self.passed = time.monotonic, 0.0
        monkeypatch.setattr(time, "monotonic", lambda: real() + self.passed)
        self.watched = False
        self.said: list[str] = []
        self.clocks = self.start()

    def start(self, *, lived: float = 0) -> Clocks:
        return Clocks(
            idle_timeout=300,
            max_lifetime=3600,
            lived=lived,
            is_watched=lambda: self.watched,
            on_deadline=self.said.append,
        )

    async def wait(self, seconds: float) -> None:
        self.passed += seconds
        await turns()

    @property
    def left(self) -> float:
        return self.clocks.expires_at - time.time() - self.passed


@pytest.fixture
async def wrist(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wrist]:  # type: ignore[misc]
    wrist = Wrist(monkeypatch)
    yield wrist
    wrist.clocks.stop()


async def test_an_idle_session_ends(wrist: Wrist) -> None:
    await wrist.wait(299)
    assert wrist.said == []
    await wrist.wait(2)
    assert wrist.said == ["idle_timeout"]


async def test_it_is_said_once(wrist: Wrist) -> None:
    await wrist.wait(5_000)
    await wrist.wait(5_000)
    assert len(wrist.said) == 1


async def test_activity_restarts_the_idle_clock(wrist: Wrist) -> None:
    for _ in range(5):
        await wrist.wait(250)
        wrist.clocks.touch()
    assert wrist.said == []
    assert wrist.left == pytest.approx(300, abs=1)
    await wrist.wait(301)
    assert wrist.said == ["idle_timeout"]


async def test_nothing_stops_the_lifetime(wrist: Wrist) -> None:
    for _ in range(14):
        wrist.clocks.touch()
        await wrist.wait(250)
    wrist.watched = True
    assert wrist.said == []
    assert wrist.left == pytest.approx(100, abs=1)
    await wrist.wait(101)
    assert wrist.said == ["max_lifetime"]


async def test_watching_is_activity(wrist: Wrist) -> None:
    wrist.watched = True
    await wrist.wait(1_000)
    assert wrist.said == []
    assert wrist.clocks.last_activity_at == pytest.approx(time.time() + 1_000, abs=1)
    wrist.watched = False
    await wrist.wait(299)
    assert wrist.said == []
    assert wrist.clocks.last_activity_at == pytest.approx(time.time() + 1_000, abs=1)
    await wrist.wait(2)
    assert wrist.said == ["idle_timeout"]


async def test_limits_may_change(wrist: Wrist) -> None:
    wrist.clocks.set_limits(idle_timeout=1_000)
    await wrist.wait(999)
    assert wrist.said == []
    wrist.clocks.set_limits(max_lifetime=1_010)
    assert (wrist.clocks.idle_timeout, wrist.clocks.max_lifetime) == (1_000, 1_010)
    wrist.clocks.touch()
    await wrist.wait(12)
    assert wrist.said == ["max_lifetime"]


async def test_a_limit_may_have_passed_already(wrist: Wrist) -> None:
    await wrist.wait(200)
    wrist.clocks.set_limits(idle_timeout=100)
    await turns()
    assert wrist.said == ["idle_timeout"]


async def test_a_stopped_clock_says_nothing(wrist: Wrist) -> None:
    wrist.clocks.stop()
    wrist.clocks.stop()
    await wrist.wait(5_000)
    assert wrist.said == []


async def test_repr(wrist: Wrist) -> None:
    await wrist.wait(42)
    assert repr(wrist.clocks) == "<Clocks idle=42/300 life=3600>"


async def test_a_browser_started_again_goes_on_with_the_same_lifetime(wrist: Wrist) -> None:
    wrist.clocks.stop()
    wrist.clocks = wrist.start(lived=3_500)
    assert 99 < wrist.left <= 100
    await wrist.wait(101)
    assert wrist.said == ["max_lifetime"]
