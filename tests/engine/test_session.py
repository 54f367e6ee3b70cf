"""A live session between its parts: tabs, viewers, clocks, clients and one end for all of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sessions_app.engine import events, thumbnail
from sessions_app.engine.automation.driver import Driver
from sessions_app.engine.config import LaunchSpec, Viewport
from sessions_app.engine.control import Holder
from sessions_app.engine.errors import BrowserClosed, ControlHeld, NoPicture, NoSuchTab
from sessions_app.engine.session import LiveSession
from tests.engine.conftest import FakeBrowser, frame, said
from tests.engine.test_screencast import PICTURE
from tests.waiting import turns, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

START, STOP = "Page.startScreencast", "Page.stopScreencast"


class Show:
    """A live session with a browser that is none, and what it told the engine."""

    def __init__(self, **spec: Any) -> None:
        self.browser = FakeBrowser()
        self.pipe = self.browser.pipe
        self.told: list[events.EngineEvent] = []
        self.session = LiveSession(
            LaunchSpec(session_id="ses_1", **spec),
            self.browser,  # type: ignore[arg-type]
            max_viewers=5,
            driver=Driver(Path("/nonexistent"), lambda work: work.close()),
            tell=self.told.append,
        )

    def casts(self) -> list[tuple[str, str]]:
        """Which casts were started and stopped, by CDP session."""
        return [
            (command["sessionId"], command["method"])
            for command in self.pipe.sent
            if command["method"] in (START, STOP)
        ]


@pytest.fixture
async def show() -> AsyncIterator[Show]:
    show = Show()
    yield show
    await show.session.aclose()


class TestTheCast:
    async def test_it_runs_while_somebody_watches(self, show: Show) -> None:
        one = show.session.attach_viewer(role="view", name="Ada")
        two = show.session.attach_viewer(role="view", name="Bob")
        show.session.audience.detach(one)
        assert show.casts() == [("S1", START)]
        show.session.audience.hub.publish(frame())
        show.session.audience.detach(two)
        assert show.casts() == [("S1", START), ("S1", STOP)]
        assert show.session.audience.hub.last_frame is None

    async def test_it_follows_the_active_tab(self, show: Show) -> None:
        show.session.attach_viewer(role="view", name="Ada")
        show.browser.open_tab()
        assert show.casts() == [("S1", START), ("S1", STOP), ("S2", START)]
        show.session.activate_tab(1)
        assert show.casts()[3:] == [("S2", STOP), ("S1", START)]
        show.session.activate_tab(1)
        assert len(show.casts()) == 5

    async def test_an_ack_of_a_viewer_lets_a_held_one_go(self, show: Show) -> None:
        viewer = show.session.attach_viewer(role="view", name="Ada")
        params = {"data": "", "metadata": {"deviceWidth": 1280, "deviceHeight": 720, "timestamp": 1.0}}
        for number in range(1, 4):
            show.pipe.event("Page.screencastFrame", {**params, "sessionId": number}, "S1")
            viewer.take()
        acked = [command["params"]["sessionId"] for command in show.pipe.commands("Page.screencastFrameAck")]
        assert acked == [1, 2]
        viewer.ack(2)
        assert show.pipe.last("Page.screencastFrameAck")["params"] == {"sessionId": 3}


class TestTabs:
    async def test_what_it_knows_of_them(self, show: Show) -> None:
        show.browser.open_tab()
        assert [(tab.id, tab.active) for tab in show.session.tabs] == [(1, False), (2, True)]
        assert show.session.active_tab.id == 2
        assert show.told == [events.TabOpened(session_id="ses_1", tab=2, url="about:blank")]

    async def test_a_closed_one_gives_way_to_the_one_seen_before(self, show: Show) -> None:
        show.browser.open_tab()
        show.browser.open_tab()
        show.session.activate_tab(1)
        show.session.activate_tab(3)
        show.browser.close_tab(3)
        assert show.session.active_tab.id == 1
        assert show.told[-1] == events.TabClosed(session_id="ses_1", tab=3)
        show.browser.close_tab(2)
        assert show.session.active_tab.id == 1

    async def test_what_is_closed_is_forgotten(self, show: Show) -> None:
        for _ in range(5):
            show.browser.open_tab()
            show.browser.close_tab(len(show.pipe.commands("Page.enable")))
        assert show.session.active_tab.id == 1
        assert show.session._front._earlier == []

    async def test_the_last_one_is_replaced(self, show: Show) -> None:
        show.browser.close_tab(1)
        assert show.pipe.last("Target.createTarget")["params"] == {"url": "about:blank"}
        show.browser.open_tab()
        assert show.session.active_tab.id == 2

    async def test_the_last_one_is_replaced_before_it_is_closed(self, show: Show) -> None:
        show.session.begin_close_tab(1)
        methods = [command["method"] for command in show.pipe.sent]
        assert methods[-2:] == ["Target.createTarget", "Target.closeTarget"]
        with pytest.raises(NoSuchTab):
            show.session.begin_close_tab(9)

    async def test_navigations_are_counted_and_told(self, show: Show) -> None:
        show.session.navigate("example.com")
        assert show.pipe.last("Page.navigate")["params"] == {"url": "https://example.com"}
        show.pipe.event("Page.frameNavigated", {"frame": {"id": "T1", "url": "https://example.com/"}}, "S1")
        assert show.session.usage.pages_visited == 1
        assert show.told[-1] == events.Navigated(session_id="ses_1", tab=1, url="https://example.com/")

    async def test_a_crash_is_told(self, show: Show) -> None:
        show.pipe.event("Target.targetCrashed", {"targetId": "T1"})
        assert show.told == [events.TabCrashed(session_id="ses_1", tab=1, url="about:blank")]

    async def test_only_the_active_ones_dialog_is_shown(self, show: Show) -> None:
        show.browser.open_tab()
        viewer = show.session.attach_viewer(role="view", name="Ada")
        said(viewer)
        dialog = {"type": "alert", "message": "Hi", "url": "about:blank"}
        show.pipe.event("Page.javascriptDialogOpening", dialog, "S1")
        assert said(viewer, "dialog") == []
        assert isinstance(show.told[-1], events.DialogOpened)
        show.session.activate_tab(1)
        assert said(viewer, "dialog")[0]["open"] is True

    async def test_a_resize_reaches_the_browser_and_later_tabs(self, show: Show) -> None:
        show.browser.open_tab()
        assert show.browser.fitted == []
        show.session.resize(640, 480)
        assert show.browser.viewport == Viewport(width=640, height=480)
        show.browser.open_tab()
        assert show.browser.fitted == [3]


class TestViewers:
    async def test_those_of_a_link_a_key_or_a_user_are_closed(self, show: Show) -> None:
        ways: list[dict[str, Any]] = [{"link_id": "lnk_1"}, {"key_id": "key_1"}, {"user_id": "7"}, {}]
        viewers = [show.session.attach_viewer(role="view", name="Ada", **way) for way in ways]
        for number, way in enumerate(ways[:3]):
            assert show.session.disconnect_viewers(**way) == 1
            assert [viewer.closed_with for viewer in viewers] == [4403] * (number + 1) + [None] * (3 - number)
        assert show.session.disconnect_viewers() == 0

    async def test_control_is_taken_and_given_back(self, show: Show) -> None:
        robot = Holder("program", "key_1", "robot")
        assert show.session.take_control(robot) == robot == show.session.controller
        with pytest.raises(ControlHeld):
            show.session.take_control(Holder("program", "key_2", "other"))
        assert not show.session.give_back_control("key_2")
        assert show.session.give_back_control("key_1")
        assert show.session.controller is None

    async def test_usage(self, show: Show) -> None:
        viewer = show.session.attach_viewer(role="view", name="Ada")
        show.session.audience.hub.publish(frame(b"12345"))
        viewer.take()
        usage = show.session.usage
        assert (usage.frames, usage.bytes_sent, usage.actions) == (1, 37, 0)
        assert repr(show.session).startswith("<LiveSession ses_1 live <Audience <Hub viewers=1 frames=1")


class TestTime:
    async def test_a_deadline_is_told(self) -> None:
        show = Show(idle_timeout=60, max_lifetime=0)
        await until(lambda: show.told)
        assert show.told == [events.DeadlinePassed(session_id="ses_1", reason="max_lifetime")]
        await show.session.aclose()

    async def test_limits(self, show: Show) -> None:
        show.session.set_limits(idle_timeout=7, max_lifetime=9)
        assert (show.session.idle_timeout, show.session.max_lifetime) == (7, 9)
        assert show.session.expires_at - show.session.last_activity_at == pytest.approx(7, abs=0.5)

    @pytest.mark.parametrize("keeps", [True, False])
    async def test_watching_keeps_it_alive_unless_it_must_not(self, *, keeps: bool) -> None:
        show = Show(watching_keeps_alive=keeps)
        show.session.attach_viewer(role="view", name="Ada")
        before = show.session.last_activity_at
        await turns()
        assert (show.session.last_activity_at > before) is keeps
        await show.session.aclose()


class TestPictures:
    async def test_the_last_frame_serves_when_there_is_one(self, show: Show) -> None:
        show.session.attach_viewer(role="view", name="Ada")
        show.session.audience.hub.publish(frame(PICTURE))
        assert (await show.session.thumbnail(width=32)).startswith(b"\xff\xd8")
        assert show.pipe.commands("Target.attachToTarget") == []

    async def test_a_crashed_tab_has_none(self, show: Show) -> None:
        show.pipe.event("Target.targetCrashed", {"targetId": "T1"})
        with pytest.raises(NoPicture, match="crashed"):
            await show.session.thumbnail()

    async def test_a_tab_that_does_not_answer_has_none(
        self, show: Show, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(thumbnail, "LIMIT", 0.02)
        show.pipe.replies |= {"Target.attachToTarget": {"sessionId": "S9"}, START: {}}
        for _ in range(2):
            with pytest.raises(NoPicture, match="no picture within"):
                await show.session.thumbnail()
        assert len(show.pipe.commands("Target.attachToTarget")) == 1
        assert show.casts() == [("S9", START), ("S9", STOP)] * 2

    async def test_a_browser_that_ends_meanwhile(self, show: Show) -> None:
        async with asyncio.TaskGroup() as group:
            taking = group.create_task(ends(show.session.thumbnail()))
            await turns()
            show.browser.connection.close()
        assert taking.result()


async def ends(call: Any) -> bool:
    with pytest.raises(BrowserClosed):
        await call
    return True


class TestTheEnd:
    async def test_everybody_is_told_why(self, show: Show) -> None:
        viewer = show.session.attach_viewer(role="control", name="Ada")
        hung_up = asyncio.Event()
        await show.session.attach_cdp_client(send=lambda _: None, on_close=hung_up.set)
        gone: list[str] = []
        show.session.on_closed = lambda session: gone.append(session.id)
        await show.session.aclose(status="released", reason="idle_timeout", message="Nothing happened.")
        assert said(viewer, "ended")[0]["message"] == "Nothing happened."
        assert viewer.closed_with == 4410
        assert hung_up.is_set()
        assert gone == ["ses_1"]
        assert repr(show.session).startswith("<LiveSession ses_1 closing")

    async def test_a_second_caller_waits_for_the_first(self, show: Show) -> None:
        show.browser.closing.clear()
        async with asyncio.TaskGroup() as group:
            closing = [
                group.create_task(show.session.aclose(reason=reason)) for reason in ("first", "second")
            ]
            await turns()
            assert not any(task.done() for task in closing)
            show.browser.closing.set()
        assert show.browser.closed == 1

    async def test_a_second_caller_that_gives_up_stops_nothing(self, show: Show) -> None:
        show.browser.closing.clear()
        async with asyncio.TaskGroup() as group:
            first = group.create_task(show.session.aclose())
            second = group.create_task(show.session.aclose())
            await turns()
            second.cancel()
            await turns()
            assert not first.done()
            show.browser.closing.set()
        assert show.browser.closed == 1

    async def test_a_cancelled_one_is_over_too(self, show: Show) -> None:
        gone: list[LiveSession] = []
        show.session.on_closed = gone.append
        show.browser.closing.clear()
        async with asyncio.TaskGroup() as group:
            closing = group.create_task(show.session.aclose())
            await turns()
            closing.cancel()
        assert gone == [show.session]
        await show.session.aclose()

    async def test_nothing_is_told_after_it(self, show: Show) -> None:
        show.session.set_limits(idle_timeout=1)
        await show.session.aclose()
        show.browser.on_gone()
        show.browser.tabs.listener.closed(show.session.active)
        assert show.told == []

    async def test_a_browser_that_goes_by_itself_is_reported(self, show: Show) -> None:
        show.browser.process.returncode = -9
        show.browser.on_gone()
        [gone] = show.told
        assert isinstance(gone, events.BrowserGone)
        assert gone.detail == "Chromium ended by itself (exit status -9). Aw, snap!"

    async def test_who_attaches_while_it_closes_hears_of_the_end(self, show: Show) -> None:
        show.browser.closing.clear()
        async with asyncio.TaskGroup() as group:
            group.create_task(show.session.aclose(reason="released_by_operator"))
            await turns()
            viewer = show.session.attach_viewer(role="view", name="Late")
            assert viewer.closed_with == 4410
            assert said(viewer, "ended")[0]["reason"] == "released_by_operator"
            assert show.casts() == []
            show.browser.closing.set()
