"""Windows virtual key codes of DOM keys, which Chromium's editing commands and old pages' `keyCode` go by."""

from __future__ import annotations

# Source: https://www.w3.org/TR/uievents/#fixed-virtual-key-codes and the Win32 VK_ table.
_NAMED = {
    "Backspace": 8,
    "Tab": 9,
    "Clear": 12,
    "Enter": 13,
    "Shift": 16,
    "Control": 17,
    "Alt": 18,
    "AltGraph": 225,
    "Pause": 19,
    "CapsLock": 20,
    "Escape": 27,
    " ": 32,
    "PageUp": 33,
    "PageDown": 34,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "PrintScreen": 44,
    "Insert": 45,
    "Delete": 46,
    "Meta": 91,
    "ContextMenu": 93,
    "NumLock": 144,
    "ScrollLock": 145,
} | {f"F{n}": 111 + n for n in range(1, 25)}

_BY_CODE = (
    {f"Key{chr(n)}": n for n in range(ord("A"), ord("Z") + 1)}
    | {f"Digit{n}": 48 + n for n in range(10)}
    | {f"Numpad{n}": 96 + n for n in range(10)}
    | {
        "NumpadMultiply": 106,
        "NumpadAdd": 107,
        "NumpadSubtract": 109,
        "NumpadDecimal": 110,
        "NumpadDivide": 111,
        "Semicolon": 186,
        "Equal": 187,
        "Comma": 188,
        "Minus": 189,
        "Period": 190,
        "Slash": 191,
        "Backquote": 192,
        "BracketLeft": 219,
        "Backslash": 220,
        "BracketRight": 221,
        "Quote": 222,
        "IntlBackslash": 226,
    }
)


def virtual_key(key: str, code: str) -> int:
    """The key code of a DOM `key` and `code`; 0 when there is none.

    A letter or digit counts as what it types, so that Ctrl+A selects all on every layout.
    """
    if len(key) == 1 and key.isascii() and key.isalnum() and not code.startswith("Numpad"):
        return ord(key.upper())
    return _NAMED.get(key) or _BY_CODE.get(code, 0)


def location(code: str) -> int:
    """`KeyboardEvent.location`: 1 left, 2 right, 3 number pad."""
    if code.startswith("Numpad"):
        return 3
    if code.endswith("Left") and not code.startswith(("Arrow", "Bracket")):
        return 1
    if code.endswith("Right") and not code.startswith(("Arrow", "Bracket")):
        return 2
    return 0
