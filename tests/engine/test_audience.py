"""The viewers of a session: who steers, what they are told, what happens when one goes."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine import events
from sessions_app.engine.control import Holder
from sessions_app.engine.dialogs import Dialog
from sessions_app.engine.errors import TooManyViewers
from tests.engine.conftest import House, frame, said
from tests.waiting import until

ROBOT = Holder("program", "key_1", "robot")
CLICK: dict[str, Any] = {"type": "mouse", "action": "down", "x": 1, "y": 2, "button": "left", "buttons": 1}
KEY: dict[str, Any] = {"type": "key", "action": "down", "key": "a", "code": "KeyA", "text": "a"}


def errors_of(viewer: Any) -> list[str]:
    return [message["code"] for message in said(viewer, "error")]


class TestAttach:
    async def test_a_viewer_is_greeted_in_order(self, house: House) -> None:
        house.stage.active.dialog = Dialog(id=4, kind="alert", message="Hi", default="", url="about:blank")
        house.audience.hub.publish(frame())
        viewer = house.seat(operator=True)
        texts, picture = viewer.take()
        kinds = [text.split(b'"')[3].decode() for text in texts]
        assert kinds == ["hello", "state", "tabs", "control", "dialog", "stats"]
        assert picture is not None
        assert house.told == [
            events.ViewerJoined(session_id="ses_1", viewer_id="v1", name="Ada", role="control")
        ]
        assert house.stage.touched == 1

    async def test_a_viewer_knows_itself_and_its_session(self, house: House) -> None:
        hello = said(house.seat("view"), "hello")[0]
        assert (hello["viewer"], hello["role"], hello["operator"]) == ("v1", "view", False)
        assert hello["session"] == {"id": "ses_1", "name": "shopping", "status": "running"}

    async def test_viewers_are_counted_for_everybody(self, house: House) -> None:
        one = house.seat()
        said(one)
        two = house.seat()
        assert said(one, "stats")[-1]["viewers"] == 2
        house.audience.detach(two)
        assert said(one, "stats")[-1]["viewers"] == 1

    async def test_there_is_room_for_so_many(self) -> None:
        house = House(limit=1)
        viewer = house.seat()
        with pytest.raises(TooManyViewers):
            house.seat()
        assert len(house.told) == 1
        house.audience.detach(viewer)
        assert house.seat().id == "v3"

    async def test_leaving_twice_is_leaving_once(self, house: House) -> None:
        viewer = house.seat("view")
        house.audience.detach(viewer)
        house.audience.detach(viewer)
        assert house.told[1:] == [
            events.ViewerLeft(session_id="ses_1", viewer_id="v1", name="Ada", role="view")
        ]

    async def test_some_sockets_are_closed_as_forbidden(self, house: House) -> None:
        one, two = house.seat(link_id="lnk_1"), house.seat(link_id="lnk_2")
        assert house.audience.disconnect(lambda viewer: viewer.link_id == "lnk_1") == 1
        assert (one.closed_with, two.closed_with) == (4403, None)

    async def test_repr(self, house: House) -> None:
        house.hear(house.seat(), **CLICK)
        assert repr(house.audience) == "<Audience <Hub viewers=1 frames=0 dropped=0> <Control holder=v1>>"


class TestTheViewRole:
    @pytest.mark.parametrize(
        "message",
        [
            CLICK,
            KEY,
            {"type": "wheel", "x": 1, "y": 2},
            {"type": "text", "text": "a"},
            {"type": "composition", "text": "a"},
            {"type": "touch", "action": "start", "points": []},
            {"type": "navigate", "url": "https://example.com"},
            {"type": "navigate", "action": "reload"},
            {"type": "resize", "width": 200, "height": 200},
            {"type": "tab", "action": "new"},
            {"type": "dialog", "id": 1, "accept": True},
            {"type": "select", "id": 1, "index": 1},
            *({"type": "control", "action": action} for action in ("take", "request", "release")),
            {"type": "control", "action": "grant", "viewer": "v1"},
            {"type": "control", "action": "take", "force": True},
        ],
        ids=lambda message: (
            f"{message['type']}-{message.get('action', '')}-{'force' in message}-{'url' in message}"
        ),
    )
    async def test_it_changes_nothing(self, house: House, message: dict[str, Any]) -> None:
        viewer = house.seat("view", operator=True)
        said(viewer)
        before = len(house.stage.pipe.sent)
        house.hear(viewer, **message)
        assert errors_of(viewer) == ["forbidden"]
        assert len(house.stage.pipe.sent) == before
        assert house.stage.asked == []
        assert house.audience.control.holder is None
        assert house.audience.actions == 0

    async def test_the_third_strike_closes(self, house: House) -> None:
        viewer = house.seat("view")
        for strike in range(1, 4):
            assert viewer.closed_with is None
            house.hear(viewer, **CLICK, seq=strike)
        assert viewer.closed_with == 4403
        errors = said(viewer, "error")
        assert [error["seq"] for error in errors] == [1, 2, 3]

    async def test_it_may_acknowledge_and_choose_its_rate(self, house: House) -> None:
        viewer = house.seat("view")
        for _ in range(2):
            house.audience.hub.publish(frame())
            viewer.take()
        house.hear(viewer, type="ack", seq=2)
        house.hear(viewer, type="settings", max_fps=10)
        house.hear(viewer, type="settings", paused=True)
        assert viewer.waits_for_ack() is None
        assert (viewer.paused, viewer.max_fps) == (True, 10)
        house.hear(viewer, type="settings", max_fps=None)
        assert (viewer.paused, viewer.max_fps) == (True, None)
        assert viewer.closed_with is None
        assert errors_of(viewer) == []


class TestSteering:
    async def test_the_first_input_takes_a_free_lease(self, house: House) -> None:
        viewer = house.seat()
        said(viewer)
        house.hear(viewer, **CLICK, seq=5)
        holder = Holder("person", "v1", "Ada")
        assert house.audience.control.holder == holder
        assert said(viewer, "control")[-1]["holder"]["you"]
        assert house.told[-1] == events.ControlChanged(session_id="ses_1", holder=holder, previous=None)
        assert house.input()[0][1]["type"] == "mousePressed"

    @pytest.mark.parametrize("holder", [ROBOT, Holder("person", "v9", "Bob")])
    async def test_input_is_ignored_while_somebody_else_holds_control(
        self, house: House, holder: Holder
    ) -> None:
        viewer = house.seat()
        house.audience.take(holder)
        said(viewer)
        house.hear(viewer, **CLICK)
        house.hear(viewer, type="navigate", url="https://example.com")
        assert house.input() == []
        assert house.stage.asked == []
        assert said(viewer) == []

    async def test_what_is_asked_of_the_session(self, house: House) -> None:
        viewer = house.seat()
        for message in (
            {"type": "navigate", "url": "example.com"},
            {"type": "resize", "width": 200, "height": 300},
            {"type": "tab", "action": "new", "url": "https://example.com"},
            {"type": "tab", "action": "activate", "tab": 2},
            {"type": "tab", "action": "close", "tab": 1},
        ):
            house.hear(viewer, **message)
        assert house.stage.asked == [
            ("navigate", "https://example.com"),
            ("resize", 200, 300),
            ("open", "https://example.com"),
            ("activate", 2),
            ("close", 1),
        ]

    @pytest.mark.parametrize(("action", "method"), [("reload", "Page.reload"), ("stop", "Page.stopLoading")])
    async def test_the_pages_own_ways(self, house: House, action: str, method: str) -> None:
        house.hear(house.seat(), type="navigate", action=action)
        assert house.stage.pipe.commands(method)

    async def test_what_the_engine_refuses_is_an_error_with_the_seq(self, house: House) -> None:
        viewer = house.seat()
        said(viewer)
        house.hear(viewer, type="navigate", seq=3, url="file:///etc/passwd")
        house.hear(viewer, type="tab", seq=4, action="activate", tab=99)
        assert [(error["code"], error["seq"]) for error in said(viewer, "error")] == [
            ("refused", 3),
            ("refused", 4),
        ]

    async def test_a_wrong_message_is_an_error_and_changes_nothing(self, house: House) -> None:
        viewer = house.seat()
        said(viewer)
        for data in ('{"type": "mouse"}', "{", b"\xff", '{"type": "teleport"}'):
            house.audience.receive(viewer, data)
        assert errors_of(viewer) == ["invalid_message"] * 4
        assert house.audience.control.holder is None
        assert viewer.closed_with is None

    async def test_a_dialog_is_answered_once(self, house: House) -> None:
        viewer = house.seat()
        house.stage.active.dialog = Dialog(id=4, kind="prompt", message="", default="", url="about:blank")
        house.hear(viewer, type="dialog", id=3, accept=True)
        assert house.stage.pipe.commands("Page.handleJavaScriptDialog") == []
        house.hear(viewer, type="dialog", id=4, accept=True, text="yes")
        assert house.stage.pipe.last("Page.handleJavaScriptDialog")["params"] == {
            "accept": True,
            "promptText": "yes",
        }

    async def test_who_answers_a_dialog_leaves_control_where_it_is(self, house: House) -> None:
        viewer, other = house.seat(), house.seat()
        house.stage.active.dialog = Dialog(id=4, kind="confirm", message="", default="", url="about:blank")
        house.hear(viewer, type="dialog", id=4, accept=True)
        assert house.audience.control.holder is None
        house.hear(other, **CLICK)
        house.stage.pipe.sent.clear()
        house.hear(viewer, type="dialog", id=4, accept=True)
        assert house.stage.pipe.commands("Page.handleJavaScriptDialog") == []

    async def test_actions_are_what_a_person_would_call_doing_something(self, house: House) -> None:
        viewer = house.seat()
        for message in (
            CLICK,
            CLICK | {"action": "up"},
            CLICK | {"action": "move"},
            KEY,
            KEY | {"action": "up"},
            {"type": "text", "text": "a"},
            {"type": "wheel", "x": 1, "y": 1},
            {"type": "navigate", "url": "example.com"},
            {"type": "tab", "action": "new"},
            {"type": "dialog", "id": 1, "accept": True},
            {"type": "resize", "width": 200, "height": 200},
        ):
            house.hear(viewer, **message)
        assert house.audience.actions == 6

    async def test_input_is_activity_and_acks_are_not(self, house: House) -> None:
        viewer = house.seat()
        touched = house.stage.touched
        house.hear(viewer, type="ack", seq=1)
        house.hear(viewer, type="settings", paused=False)
        assert house.stage.touched == touched
        house.hear(viewer, **CLICK)
        assert house.stage.touched > touched

    async def test_a_frame_says_which_input_it_shows(self, house: House) -> None:
        viewer = house.seat()
        house.hear(viewer, **KEY, seq=12)
        house.stage.pipe.answer(house.stage.pipe.last("Input.dispatchKeyEvent"))
        house.audience.hub.publish(frame(shows_until=2**40))
        message = viewer.take()[1]
        assert message is not None
        assert int.from_bytes(message[8:12], "little") == 12


class TestWhatViewersHear:
    async def test_many_changes_are_one_message(self, house: House) -> None:
        viewer = house.seat()
        said(viewer)
        tab = house.stage.active
        for number in range(1_000):
            tab.title = f"title {number}"
            house.audience.state_changed()
        heard: list[dict[str, Any]] = []

        def hear() -> bool:
            heard.extend(said(viewer))
            return len(heard) >= 2

        await until(hear)
        assert [message["type"] for message in heard] == ["state", "tabs"]
        assert heard[0]["title"] == "title 999"
        house.audience.state_changed()
        await until(lambda: said(viewer, "tabs"))

    async def test_with_nobody_there_nothing_is_prepared(self, house: House) -> None:
        house.audience.state_changed()
        viewer = house.seat()
        said(viewer)
        house.audience.dismiss("released", "released", "Bye.")
        assert [message["type"] for message in said(viewer)] == ["ended"]

    async def test_the_end(self, house: House) -> None:
        viewers = [house.seat(), house.seat("view")]
        for viewer in viewers:
            said(viewer)
        house.audience.state_changed()
        house.audience.dismiss("failed", "browser_crashed", "Chromium is gone.")
        house.audience.state_changed()
        for viewer in viewers:
            assert viewer.closed_with == 4410
            assert said(viewer) == [
                {
                    "type": "ended",
                    "status": "failed",
                    "reason": "browser_crashed",
                    "message": "Chromium is gone.",
                }
            ]

    async def test_who_comes_after_the_end_hears_it_too(self, house: House) -> None:
        house.audience.dismiss("released", "released_by_operator", "Bye.")
        viewer = house.seat()
        assert viewer.closed_with == 4410
        assert said(viewer)[-1]["reason"] == "released_by_operator"

    async def test_viewers_of_a_session_that_goes_on_are_asked_back(self, house: House) -> None:
        before = house.seat()
        said(before)
        house.audience.ask_back()
        after = house.seat()
        assert [before.closed_with, after.closed_with] == [1012, 1012]
        assert said(before) == []

    async def test_a_dialog_is_told_when_it_opens_and_when_it_is_answered(self, house: House) -> None:
        viewer = house.seat()
        dialog = Dialog(id=4, kind="confirm", message="Sure?", default="", url="about:blank")
        house.audience.dialog_changed(dialog, is_open=True)
        house.audience.dialog_changed(dialog, is_open=False)
        assert [message["open"] for message in said(viewer, "dialog")] == [True, False]

    async def test_statistics_come_with_every_64th_ack(self, house: House) -> None:
        viewer = house.seat()
        said(viewer)
        heard = []
        for seq in range(1, 130):
            house.hear(viewer, type="ack", seq=seq)
            heard += [(seq, message) for message in said(viewer)]
        stats = {"type": "stats", "viewers": 1, "window": 2, "dropped": 0}
        assert heard == [(64, stats), (128, stats)]
