"""The pointer's shape and the open list of a select: asked for after input, told when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sessions_app.engine import natives
from sessions_app.engine.messages import Key, Mouse, Text, Touch
from sessions_app.engine.natives import MAX_LABEL, MAX_OPTIONS, Natives, OpenList
from tests.engine.conftest import FakePipe
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTION = {"label": "One", "group": "", "disabled": False}
LIST: dict[str, Any] = {"x": 1, "y": 2.5, "width": 3, "height": 4, "selected": -1, "options": [OPTION] * 3}


def mouse(action: Any, x: float = 1, *, button: str = "left") -> Mouse:
    return Mouse(0, action, x, 2, button, 0, 1, 0)


def key(name: str, action: Any = "down") -> Key:
    return Key(0, action, name, name, "", 0, repeat=False)


class Window:
    """Natives on a pipe that remembers, and what they told."""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.shapes: list[str] = []
        self.lists: list[tuple[int, bool]] = []
        self.natives = Natives(
            lambda method, params=None, reply=None: self.pipe.connection.post(method, params, None, reply),
            on_shape=self.shapes.append,
            on_list=lambda open_list, is_open: self.lists.append((open_list.id, is_open)),
        )

    @property
    def asked(self) -> int:
        return len(self.pipe.commands("Runtime.evaluate"))

    def says(self, value: object) -> None:
        """The page answers the newest question."""
        self.pipe.answer(self.pipe.last("Runtime.evaluate"), {"result": {"type": "object", "value": value}})

    def open(self, value: object = LIST) -> None:
        self.natives.look_after(mouse("down"))
        self.says(value)


@pytest.fixture
async def window() -> Iterator[Window]:  # type: ignore[misc]
    window = Window()
    yield window
    window.natives.close()


class TestShape:
    async def test_a_change_is_told_once(self, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(natives, "SHAPE_AFTER", 0)
        for shape in ["pointer", "pointer", "text", "default"]:
            window.natives.look_after(mouse("move"))
            await until(lambda: window.natives._pause is None)
            window.says(shape)
        assert window.shapes == ["pointer", "text", "default"]

    @pytest.mark.parametrize("value", ["url(https://tracker.example/)", "", 7, None, {}, ["pointer"], "zoom"])
    async def test_what_is_no_shape_is_the_default_one(self, window: Window, value: object) -> None:
        window.natives.shape = "pointer"
        window.natives.look_after(mouse("move"))
        await until(lambda: window.asked == 1)
        window.says(value)
        assert window.shapes == ["default"]

    async def test_a_pointer_that_moves_on_is_asked_for_once_where_it_is(self, window: Window) -> None:
        for x in range(10):
            window.natives.look_after(mouse("move", x))
        assert window.asked == 0
        await until(lambda: window.asked == 1)
        assert "(9.000000, 2.000000)" in window.pipe.last("Runtime.evaluate")["params"]["expression"]
        window.natives.look_after(mouse("move", 10))
        await until(lambda: window.asked == 2)

    async def test_a_page_cannot_hold_us_up(self, window: Window) -> None:
        window.natives.look_after(mouse("down"))
        assert window.pipe.last("Runtime.evaluate")["params"]["timeout"] == natives.SCRIPT_LIMIT_MS

    async def test_the_end_asks_no_more(self, window: Window) -> None:
        window.natives.look_after(mouse("move", 1))
        window.natives.look_after(mouse("move", 2))
        window.natives.close()
        assert window.natives._pause is None
        window.pipe.connection.close()
        assert window.shapes == []


class TestList:
    async def test_it_is_told_when_it_opens_and_when_it_closes(self, window: Window) -> None:
        window.open()
        assert window.natives.open_list == OpenList(id=1, **LIST)
        window.natives.look_after(key("ArrowDown"))
        window.says(LIST)
        window.natives.look_after(key("Escape"))
        window.says(None)
        window.open()
        assert window.lists == [(1, True), (1, False), (2, True)]

    @pytest.mark.parametrize(
        ("event", "asks"),
        [
            (mouse("down"), True),
            (mouse("down", button="right"), False),
            (mouse("up"), False),
            (Touch(0, "end", (), 0), True),
            (Touch(0, "move", ((1, 1, 2),), 0), False),
            (key(" "), True),
            (key("Enter"), True),
            (key("ArrowDown"), True),
            (key("ArrowDown", "up"), False),
            (key("a"), False),
            (Text(0, "a"), False),
        ],
        ids=str,
    )
    async def test_only_what_may_open_one_asks(self, window: Window, event: Any, *, asks: bool) -> None:
        window.natives.look_after(event)
        assert window.asked == asks

    async def test_every_key_asks_while_one_is_open(self, window: Window) -> None:
        window.open()
        window.natives.look_after(key("a"))
        assert window.asked == 2

    async def test_choosing_closes_it_and_selects(self, window: Window) -> None:
        window.open()
        window.natives.choose(1, 2)
        keys = [command["params"]["type"] for command in window.pipe.commands("Input.dispatchKeyEvent")]
        assert keys == ["rawKeyDown", "keyUp"]
        assert window.pipe.sent[-1]["params"]["expression"].endswith("(2)")
        assert window.lists == [(1, True), (1, False)]

    async def test_choosing_nothing_only_closes_it(self, window: Window) -> None:
        window.open()
        window.natives.choose(1, None)
        assert window.asked == 1
        assert len(window.pipe.commands("Input.dispatchKeyEvent")) == 2
        assert window.lists == [(1, True), (1, False)]

    async def test_a_list_that_is_gone_is_left_alone(self, window: Window) -> None:
        window.natives.choose(1, 0)
        window.open()
        window.natives.choose(7, 0)
        assert window.lists == [(1, True)]
        assert window.asked == 1

    async def test_the_end_of_the_page_closes_it(self, window: Window) -> None:
        window.open()
        window.natives.close()
        window.natives.forget()
        assert window.lists == [(1, True), (1, False)]

    @pytest.mark.parametrize(
        "value",
        [
            None, "list", 7, [], {}, LIST | {"more": 1}, {"x": 1}, LIST | {"x": "1"}, LIST | {"width": None},
            LIST | {"options": "One"}, LIST | {"options": ["One"]}, LIST | {"options": [{"label": "One"}]},
            LIST | {"options": [OPTION | {"label": 1}]}, LIST | {"options": [OPTION | {"disabled": 1}]},
            LIST | {"options": [OPTION | {"label": "a" * (MAX_LABEL + 1)}]},
            LIST | {"options": [OPTION | {"group": "a" * (MAX_LABEL + 1)}]},
            LIST | {"options": [OPTION] * (MAX_OPTIONS + 1)},
        ],
    )  # fmt: skip
    async def test_a_page_that_answers_something_else_has_none(self, window: Window, value: object) -> None:
        window.open(value)
        assert window.natives.open_list is None
        assert window.lists == []
