"""A viewer's input as DevTools commands, and what is let go when control ends."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine.input import ALT, CTRL, META, SHIFT, Held, to_cdp
from sessions_app.engine.keys import location, virtual_key
from sessions_app.engine.messages import Composition, Key, Mouse, Text, Touch, Wheel


def key(action: Any, name: str, code: str = "", text: str = "", modifiers: int = 0, **more: bool) -> Key:
    return Key(1, action, name, code, text, modifiers, more.get("repeat", False))


def mouse(action: Any, button: str = "left", x: float = 10, y: float = 20, *, clicks: int = 1) -> Mouse:
    return Mouse(1, action, x, y, button, 1 if action == "down" else 0, clicks, 0)


def pressed(event: Key) -> dict[str, Any]:
    method, params = to_cdp(event)
    assert method == "Input.dispatchKeyEvent"
    return params


class TestToCdp:
    @pytest.mark.parametrize(
        ("action", "kind"), [("move", "mouseMoved"), ("down", "mousePressed"), ("up", "mouseReleased")]
    )
    def test_mouse(self, action: Any, kind: str) -> None:
        assert to_cdp(Mouse(1, action, 10.5, 20, "right", 2, 3, SHIFT)) == (
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": 10.5,
                "y": 20,
                "button": "right",
                "buttons": 2,
                "clickCount": 3,
                "modifiers": 8,
                "pointerType": "mouse",
            },
        )

    def test_wheel(self) -> None:
        assert to_cdp(Wheel(1, 10, 20, -3, 120, CTRL)) == (
            "Input.dispatchMouseEvent",
            {"type": "mouseWheel", "x": 10, "y": 20, "deltaX": -3, "deltaY": 120, "modifiers": 2},
        )

    def test_a_printable_key(self) -> None:
        assert pressed(key("down", "a", "KeyA", "a")) == {
            "type": "keyDown",
            "key": "a",
            "code": "KeyA",
            "windowsVirtualKeyCode": 65,
            "modifiers": 0,
            "location": 0,
            "text": "a",
            "unmodifiedText": "a",
        }

    def test_letting_a_key_go_types_nothing(self) -> None:
        params = pressed(key("up", "a", "KeyA", "a"))
        assert params["type"] == "keyUp"
        assert "text" not in params

    @pytest.mark.parametrize(("name", "text"), [("Enter", "\r"), ("Tab", "\t")])
    def test_what_named_keys_type(self, name: str, text: str) -> None:
        assert (pressed(key("down", name, name))["type"], pressed(key("down", name))["text"]) == (
            "keyDown",
            text,
        )

    def test_a_key_that_types_nothing(self) -> None:
        params = pressed(key("down", "ArrowLeft", "ArrowLeft"))
        assert (params["type"], params["windowsVirtualKeyCode"]) == ("rawKeyDown", 37)

    @pytest.mark.parametrize("modifier", [CTRL, META, CTRL | SHIFT])
    def test_a_shortcut_types_nothing(self, modifier: int) -> None:
        params = pressed(key("down", "a", "KeyA", "a", modifier))
        assert params["type"] == "rawKeyDown"
        assert "text" not in params

    @pytest.mark.parametrize(
        ("modifiers", "given"), [(CTRL | ALT, 0), (CTRL | ALT | SHIFT, SHIFT), (SHIFT, SHIFT), (ALT, ALT)]
    )
    def test_alt_gr_and_shift_type(self, modifiers: int, given: int) -> None:
        params = pressed(key("down", "@", "KeyQ", "@", modifiers))
        assert (params["text"], params["modifiers"]) == ("@", given)

    def test_ctrl_and_alt_with_a_key_that_types_nothing(self) -> None:
        params = pressed(key("down", "Delete", "Delete", modifiers=CTRL | ALT))
        assert (params["type"], params["modifiers"]) == ("rawKeyDown", CTRL | ALT)

    def test_a_key_that_repeats(self) -> None:
        assert pressed(key("down", "a", "KeyA", "a", repeat=True))["autoRepeat"] is True
        assert "autoRepeat" not in pressed(key("down", "a", "KeyA", "a"))

    def test_text(self) -> None:
        assert to_cdp(Text(1, "日本")) == ("Input.insertText", {"text": "日本"})

    def test_an_input_methods_unfinished_text(self) -> None:
        assert to_cdp(Composition(1, "にほ", 1, 2)) == (
            "Input.imeSetComposition",
            {"text": "にほ", "selectionStart": 1, "selectionEnd": 2},
        )

    @pytest.mark.parametrize(
        ("action", "kind"),
        [("start", "touchStart"), ("move", "touchMove"), ("end", "touchEnd"), ("cancel", "touchCancel")],
    )
    def test_touch(self, action: Any, kind: str) -> None:
        assert to_cdp(Touch(1, action, ((4, 5, 6),), SHIFT)) == (
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"id": 4, "x": 5, "y": 6}], "modifiers": 8},
        )


class TestKeys:
    @pytest.mark.parametrize(
        ("name", "code", "number"),
        [
            ("a", "KeyA", 65),
            ("A", "KeyA", 65),
            ("a", "KeyQ", 65),  # AZERTY: what it types counts
            ("1", "Digit1", 49),
            ("!", "Digit1", 49),
            ("1", "Numpad1", 97),
            ("é", "Digit2", 50),
            ("ф", "KeyA", 65),
            ("+", "NumpadAdd", 107),
            (" ", "Space", 32),
            ("F12", "F12", 123),
            ("Enter", "NumpadEnter", 13),
            ("Dead", "BracketLeft", 219),
            ("Unidentified", "", 0),
        ],
    )
    def test_virtual_key(self, name: str, code: str, number: int) -> None:
        assert virtual_key(name, code) == number

    @pytest.mark.parametrize(
        ("code", "number"),
        [
            ("ShiftLeft", 1),
            ("ControlRight", 2),
            ("NumpadEnter", 3),
            ("ArrowLeft", 0),
            ("BracketRight", 0),
            ("BracketLeft", 0),
            ("ArrowRight", 0),
            ("KeyA", 0),
        ],
    )
    def test_location(self, code: str, number: int) -> None:
        assert location(code) == number


class TestHeld:
    def test_nothing_held_nothing_released(self) -> None:
        held = Held()
        for event in (
            key("down", "a", "KeyA"),
            key("up", "a", "KeyA"),
            mouse("down"),
            mouse("up"),
            mouse("move"),
            Touch(1, "start", ((1, 2, 3),), 0),
            Touch(1, "end", (), 0),
            Text(1, "a"),
            key("up", "b", "KeyB"),
            mouse("up", "right"),
        ):
            held.note(event)
        assert held.release() == []

    def test_keys_go_up_last_first_without_modifiers(self) -> None:
        held = Held()
        held.note(key("down", "Shift", "ShiftLeft", modifiers=SHIFT))
        held.note(key("down", "A", "KeyA", "A", SHIFT))
        assert held.release() == [
            Key(0, "up", "A", "KeyA", "", 0, repeat=False),
            Key(0, "up", "Shift", "ShiftLeft", "", 0, repeat=False),
        ]
        assert held.release() == []

    def test_a_key_is_known_by_its_place_not_by_what_it_types(self) -> None:
        held = Held()
        held.note(key("down", "A", "KeyA", "A", SHIFT))
        held.note(key("up", "a", "KeyA"))
        held.note(key("down", "Process"))
        held.note(key("up", "Process"))
        assert held.release() == []

    def test_buttons_go_up_where_the_pointer_is_and_say_what_is_left(self) -> None:
        held = Held()
        held.note(mouse("down", "left", 1, 1, clicks=2))
        held.note(mouse("down", "right", 1, 1))
        held.note(mouse("move", "none", 30, 40))
        assert [held.pressed(name) is not None for name in ("left", "right", "middle")] == [True, True, False]
        assert held.release() == [
            Mouse(0, "up", 30, 40, "right", 1, 1, 0),
            Mouse(0, "up", 30, 40, "left", 0, 2, 0),
        ]
        assert held.pressed("left") is None

    def test_keys_before_buttons_before_fingers(self) -> None:
        held = Held()
        held.note(Touch(1, "start", ((1, 2, 3),), 0))
        held.note(mouse("down"))
        held.note(key("down", "a", "KeyA"))
        assert [type(event) for event in held.release()] == [Key, Mouse, Touch]
        assert held.release() == []

    def test_fingers_are_cancelled_not_lifted(self) -> None:
        held = Held()
        held.note(Touch(1, "start", ((1, 2, 3),), 0))
        assert held.release() == [Touch(0, "cancel", (), 0)]

    def test_repr(self) -> None:
        held = Held()
        held.note(key("down", "a", "KeyA"))
        held.note(mouse("down"))
        assert repr(held) == "<Held keys=['KeyA'] buttons=['left']>"
