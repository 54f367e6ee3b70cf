"""A viewer's input as DevTools commands, and what is held down; pure."""

from __future__ import annotations

from typing import Any

from sessions_app.engine.keys import location, virtual_key
from sessions_app.engine.messages import Composition, Key, Mouse, Text, Touch, Wheel

ALT, CTRL, META, SHIFT = 1, 2, 4, 8
Command = tuple[str, dict[str, Any]]
PageInput = Mouse | Wheel | Key | Text | Composition | Touch

_MOUSE_TYPES = {"move": "mouseMoved", "down": "mousePressed", "up": "mouseReleased"}
_TOUCH_TYPES = {"start": "touchStart", "move": "touchMove", "end": "touchEnd", "cancel": "touchCancel"}
# What these keys type is not what the DOM calls them.
_TYPES = {"Enter": "\r", "Tab": "\t"}
_BUTTON_BITS = {"left": 1, "right": 2, "middle": 4, "back": 8, "forward": 16}


def to_cdp(event: PageInput) -> Command:
    """The command that gives `event` to a page (domain Input of the DevTools protocol)."""
    match event:
        case Mouse():
            return "Input.dispatchMouseEvent", _mouse(event)
        case Wheel():
            return "Input.dispatchMouseEvent", {
                "type": "mouseWheel",
                "x": event.x,
                "y": event.y,
                "deltaX": event.dx,
                "deltaY": event.dy,
                "modifiers": event.modifiers,
            }
        case Key():
            return "Input.dispatchKeyEvent", _key(event)
        case Text():
            return "Input.insertText", {"text": event.text}
        case Composition():
            return "Input.imeSetComposition", {
                "text": event.text,
                "selectionStart": event.selection_start,
                "selectionEnd": event.selection_end,
            }
    return "Input.dispatchTouchEvent", {
        "type": _TOUCH_TYPES[event.action],
        "touchPoints": [{"id": number, "x": x, "y": y} for number, x, y in event.points],
        "modifiers": event.modifiers,
    }


def _mouse(event: Mouse) -> dict[str, Any]:
    return {
        "type": _MOUSE_TYPES[event.action],
        "x": event.x,
        "y": event.y,
        "button": event.button,
        "buttons": event.buttons,
        "clickCount": event.click_count,
        "modifiers": event.modifiers,
        "pointerType": "mouse",
    }


def _key(event: Key) -> dict[str, Any]:
    text = _TYPES.get(event.key, event.text) if event.action == "down" else ""
    modifiers = event.modifiers
    # Ctrl+A is a shortcut and types nothing; AltGr, which Windows reports as Ctrl and Alt, does type, but not with them.
    if modifiers & (CTRL | META) and not modifiers & ALT:
        text = ""
    elif text and modifiers & CTRL:
        modifiers &= ~(CTRL | ALT)
    params: dict[str, Any] = {
        "type": "keyUp" if event.action == "up" else "keyDown" if text else "rawKeyDown",
        "key": event.key,
        "code": event.code,
        "windowsVirtualKeyCode": virtual_key(event.key, event.code),
        "modifiers": modifiers,
        "location": location(event.code),
    }
    if text:
        params |= {"text": text, "unmodifiedText": text}
    if event.repeat:
        params["autoRepeat"] = True
    return params


class Held:
    """The keys, buttons and fingers that a controller holds down."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}
        self._buttons: dict[str, Mouse] = {}
        self._touching = False

    def __repr__(self) -> str:
        return f"<Held keys={sorted(self._keys)} buttons={sorted(self._buttons)}>"

    def pressed(self, button: str) -> Mouse | None:
        """The press of a button that is down, at the place where the pointer is now."""
        return self._buttons.get(button)

    def note(self, event: PageInput) -> None:
        match event:
            case Key(action="down"):
                self._keys[event.code or event.key] = event
            case Key():
                self._keys.pop(event.code or event.key, None)
            case Mouse(action="down"):
                self._buttons[event.button] = event
            case Mouse(action="up"):
                self._buttons.pop(event.button, None)
            case Mouse():
                for name, pressed in self._buttons.items():
                    self._buttons[name] = _moved(pressed, event.x, event.y)
            case Touch():
                self._touching = bool(event.points)
            case _:
                pass

    def release(self) -> list[PageInput]:
        """The events that let everything go, last pressed first; nothing is held afterwards."""
        events: list[PageInput] = [
            Key(0, "up", pressed.key, pressed.code, "", 0, repeat=False)
            for pressed in reversed(self._keys.values())
        ]
        left = sum(_BUTTON_BITS.get(name, 0) for name in self._buttons)
        for name, pressed in reversed(self._buttons.items()):
            left -= _BUTTON_BITS.get(name, 0)
            events.append(Mouse(0, "up", pressed.x, pressed.y, name, left, pressed.click_count, 0))
        if self._touching:
            events.append(Touch(0, "cancel", (), 0))
        self._keys.clear()
        self._buttons.clear()
        self._touching = False
        return events


def _moved(event: Mouse, x: float, y: float) -> Mouse:
    return Mouse(
        event.seq, event.action, x, y, event.button, event.buttons, event.click_count, event.modifiers
    )
