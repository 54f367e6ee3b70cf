"""A controller's input to one tab: merged, carried through drags, bounded, and a page that hangs is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sessions_app.engine import steering
from sessions_app.engine.messages import Key, Mouse, Text, Touch, Wheel
from sessions_app.engine.steering import Steering
from tests.engine.conftest import FakePipe
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = {"items": [{"mimeType": "text/plain", "data": "x"}], "dragOperationsMask": 1}


def mouse(action: Any, x: float = 1, y: float = 2, *, seq: int = 0, button: str = "left") -> Mouse:
    return Mouse(seq, action, x, y, "none" if action == "move" else button, 0, 1, 0)


def key(name: str, action: Any = "down", seq: int = 0) -> Key:
    return Key(seq, action, name, name, "", 0, repeat=False)


class Wheelhouse:
    """A Steering whose commands a test sees and answers."""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.hung: list[bool] = []
        self.accepted: list[int] = []
        self.steering = Steering(
            lambda method, params=None, reply=None: self.pipe.connection.post(method, params, None, reply),
            self.hung.append,
        )

    def send(self, *events: Any) -> None:
        for event in events:
            self.steering.send(event, lambda seq, at: self.accepted.append(seq))

    @property
    def given(self) -> list[tuple[str, Any]]:
        """What Chromium was given: each event's type and its x, or its key or text."""
        return [
            (params.get("type", "text"), params.get("x", params.get("key", params.get("text"))))
            for command in self.pipe.sent
            if (params := command["params"]) and command["method"] != "Input.setInterceptDrags"
        ]

    def answer(self, kind: str, **more: Any) -> None:
        """Chromium answers the newest command of this type."""
        command = next(one for one in reversed(self.pipe.sent) if one["params"].get("type") == kind)
        self.pipe.answer(command, **more)


@pytest.fixture
async def wheel() -> Iterator[Wheelhouse]:  # type: ignore[misc]
    wheel = Wheelhouse()
    yield wheel
    wheel.steering.close()


class TestMoves:
    async def test_they_merge_while_one_is_unanswered(self, wheel: Wheelhouse) -> None:
        wheel.send(*(mouse("move", x) for x in range(1, 6)))
        assert wheel.given == [("mouseMoved", 1)]
        wheel.answer("mouseMoved")
        assert wheel.given == [("mouseMoved", 1), ("mouseMoved", 5)]
        wheel.answer("mouseMoved")
        assert len(wheel.given) == 2
        wheel.send(mouse("move", 6))
        assert wheel.given[-1] == ("mouseMoved", 6)

    @pytest.mark.parametrize(
        ("event", "given"),
        [
            (mouse("down", 9), ("mousePressed", 9)),
            (mouse("up", 9), ("mouseReleased", 9)),
            (key("a"), ("rawKeyDown", "a")),
            (Text(0, "hello"), ("text", "hello")),
            (Wheel(0, 9, 9, 0, 1, 0), ("mouseWheel", 9)),
        ],
        ids=["down", "up", "key", "text", "wheel"],
    )
    async def test_the_newest_goes_before_anything_else(
        self, wheel: Wheelhouse, event: Any, given: tuple[str, Any]
    ) -> None:
        wheel.send(mouse("move", 1), mouse("move", 2), mouse("move", 3), event)
        assert wheel.given == [("mouseMoved", 1), ("mouseMoved", 3), given]

    async def test_the_answer_of_the_first_of_two_moves_lets_the_next_one_go(self, wheel: Wheelhouse) -> None:
        wheel.send(mouse("move", 1), mouse("move", 2), key("a"), mouse("move", 3))
        wheel.pipe.answer(wheel.pipe.sent[0])
        assert wheel.given[-1] == ("mouseMoved", 3)

    async def test_a_tab_that_crashed_and_came_back_is_moved_on_again(self, wheel: Wheelhouse) -> None:
        wheel.send(mouse("move", 1), mouse("move", 2))
        wheel.steering.close()
        wheel.send(mouse("move", 3))
        assert wheel.given == [("mouseMoved", 1), ("mouseMoved", 3)]

    async def test_an_answer_after_the_crash_changes_nothing(self, wheel: Wheelhouse) -> None:
        wheel.send(mouse("move", 1, seq=7))
        wheel.steering.close()
        wheel.answer("mouseMoved")
        assert wheel.accepted == []


class TestAccepted:
    async def test_an_answered_input_is_accepted(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a", seq=4))
        assert wheel.accepted == []
        wheel.answer("rawKeyDown")
        assert wheel.accepted == [4]

    async def test_an_error_is_not(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a", seq=4))
        wheel.answer("rawKeyDown", error={"code": -32602, "message": "no"})
        assert wheel.accepted == []

    async def test_an_input_without_seq_is_nobodys(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a"))
        wheel.answer("rawKeyDown")
        assert wheel.accepted == []

    async def test_the_end_accepts_nothing(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a", seq=4))
        wheel.pipe.connection.close()
        assert wheel.accepted == []


class TestDrag:
    @pytest.fixture
    async def dragging(self, wheel: Wheelhouse) -> Wheelhouse:
        wheel.send(mouse("down", 1), mouse("move", 3))
        wheel.answer("mouseMoved")
        wheel.pipe.sent.clear()
        wheel.steering.on_drag_intercepted({"data": DATA})
        return wheel

    async def test_drags_are_ours_only_while_the_left_button_is_down(self, wheel: Wheelhouse) -> None:
        wheel.send(mouse("down"), mouse("up"), mouse("down", button="right"), mouse("up", button="right"))
        switches = [
            command["params"]["enabled"] for command in wheel.pipe.commands("Input.setInterceptDrags")
        ]
        assert switches == [True, False]
        order = [command["method"] for command in wheel.pipe.sent]
        assert order[0] == "Input.setInterceptDrags"
        assert order[1:3] == ["Input.dispatchMouseEvent"] * 2

    async def test_over_and_drop(self, dragging: Wheelhouse) -> None:
        dragging.send(mouse("move", 5))
        dragging.answer("dragOver")
        dragging.send(mouse("move", 6), mouse("up", 7))
        assert dragging.given == [("dragEnter", 3), ("dragOver", 5), ("dragOver", 6), ("drop", 7)]
        assert all(
            command["params"]["data"] == DATA for command in dragging.pipe.commands("Input.dispatchDragEvent")
        )
        dragging.answer("dragOver")
        dragging.send(mouse("move", 8))
        assert dragging.given[-1] == ("mouseMoved", 8)
        assert not dragging.steering.held.pressed("left")

    async def test_escape_cancels(self, dragging: Wheelhouse) -> None:
        dragging.send(key("Escape"), mouse("move", 5))
        assert dragging.given[1:] == [("dragCancel", 0), ("rawKeyDown", "Escape"), ("mouseMoved", 5)]

    async def test_other_keys_and_buttons_do_not(self, dragging: Wheelhouse) -> None:
        dragging.send(key("a"), mouse("up", 3, button="right"), mouse("move", 5))
        assert dragging.given[1:] == [("rawKeyDown", "a"), ("mouseReleased", 3), ("dragOver", 5)]

    async def test_losing_control_cancels_and_lets_go(self, dragging: Wheelhouse) -> None:
        dragging.steering.let_go()
        assert dragging.given[1:] == [("dragCancel", 0), ("mouseReleased", 3)]
        dragging.send(mouse("move", 5))
        assert dragging.given[-1] == ("mouseMoved", 5)

    async def test_one_that_comes_after_the_button_is_up_is_none(self, wheel: Wheelhouse) -> None:
        wheel.send(mouse("down"), mouse("up"))
        wheel.steering.on_drag_intercepted({"data": DATA})
        wheel.send(mouse("move", 5))
        assert wheel.given[-1] == ("mouseMoved", 5)

    async def test_one_ends_with_the_page(self, dragging: Wheelhouse) -> None:
        dragging.steering.close()
        dragging.send(mouse("move", 5))
        assert dragging.given[1:] == [("mouseMoved", 5)]


class TestLettingGo:
    async def test_what_is_held_goes_up_and_a_waiting_move_is_dropped(self, wheel: Wheelhouse) -> None:
        wheel.send(key("Shift"), mouse("down", 1), mouse("move", 2), mouse("move", 3))
        wheel.pipe.sent.clear()
        wheel.steering.let_go()
        assert wheel.given == [("keyUp", "Shift"), ("mouseReleased", 2)]
        wheel.steering.let_go()
        assert len(wheel.given) == 2

    async def test_fingers_are_cancelled(self, wheel: Wheelhouse) -> None:
        wheel.send(Touch(0, "start", ((1, 2, 3),), 0))
        wheel.steering.let_go()
        assert wheel.given[-1][0] == "touchCancel"


class TestBounds:
    async def test_turns_of_a_wheel_are_dropped_first(
        self, wheel: Wheelhouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steering, "MANY_PENDING", 3)
        monkeypatch.setattr(steering, "TOO_MANY_PENDING", 5)
        wheel.send(*(Wheel(0, n, 0, 0, 1, 0) for n in range(5)))
        assert len(wheel.given) == 3
        wheel.send(mouse("move", 9))
        assert len(wheel.given) == 3
        wheel.send(key("a"), key("b"), key("c"))
        assert wheel.given[3:] == [("rawKeyDown", "a"), ("rawKeyDown", "b")]
        assert repr(wheel.steering) == "<Steering pending=5 <Held keys=['a', 'b'] buttons=[]>>"
        wheel.answer("rawKeyDown")
        wheel.send(key("d"))
        assert wheel.given[-1] == ("rawKeyDown", "d")


class TestHanging:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steering, "HUNG_AFTER", 0.03)

    async def test_a_page_that_answers_nothing_is_hung_until_it_answers(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a"))
        await until(lambda: wheel.hung == [True])
        wheel.answer("rawKeyDown")
        assert wheel.hung == [True, False]
        wheel.send(key("b"))
        await until(lambda: wheel.hung == [True, False, True])

    async def test_a_page_that_answers_is_well(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a"))
        wheel.answer("rawKeyDown")
        wheel.steering._look()
        assert wheel.hung == []

    async def test_only_the_oldest_input_counts(
        self, wheel: Wheelhouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steering, "HUNG_AFTER", 60)
        wheel.send(key("a"))
        wheel.steering._look()
        assert wheel.hung == []

    async def test_a_closed_one_says_nothing_more(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a"))
        wheel.steering.close()
        assert wheel.steering._watch is None

    async def test_a_page_that_hung_crashed_and_hangs_again(self, wheel: Wheelhouse) -> None:
        wheel.send(key("a"))
        await until(lambda: wheel.hung == [True])
        wheel.steering.close()
        wheel.send(key("a"))
        await until(lambda: wheel.hung == [True, True])
