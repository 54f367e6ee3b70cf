"""The live socket's messages: frames to bytes, JSON to checked values; pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from sessions_app.engine.messages import (
    Ack,
    Composition,
    ControlRequest,
    DialogAnswer,
    FileAnswer,
    FromViewer,
    Key,
    Mouse,
    Navigate,
    Resize,
    SelectAnswer,
    Settings,
    Size,
    TabRequest,
    Text,
    Touch,
    Wheel,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT_JPEG: Final = 1
HEADER: Final = struct.Struct("<2sBBIIdHHIHH")
MAX_MESSAGE: Final = 1 << 20

CLOSE_BAD_TICKET: Final = 4401
CLOSE_FORBIDDEN: Final = 4403
CLOSE_NO_SESSION: Final = 4404
CLOSE_NO_ACK: Final = 4408
CLOSE_ENDED: Final = 4410
CLOSE_TOO_MUCH: Final = 4429
CLOSE_TOO_BIG: Final = 1009
CLOSE_RESTARTING: Final = 1012

BUTTONS: Final = ("none", "left", "middle", "right", "back", "forward")
SIDE_MIN: Final = 100
SIDE_MAX: Final = 4096
MAX_TEXT: Final = 256 * 1024
# Of base64; a larger file comes in several pieces.
MAX_PIECE: Final = 512 * 1024
MAX_FILES: Final = 100
MAX_FILE_NAME: Final = 1_000
MAX_TOUCHES: Final = 10
MAX_SEQ: Final = 2**32 - 1
MAX_NUMBER: Final = 1e6
MAX_SIDE: Final = 16_384

Role = Literal["view", "control"]
Json = dict[str, Any]


class WireError(ValueError):
    """A message that breaks the protocol; the text says which field and why."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture; `width` and `height` in its own pixels.

    Unix seconds: `captured_at`, and `shows_until`: an input that the page had taken by then is in the picture.
    """

    picture: bytes
    captured_at: float
    width: int
    height: int
    tab: int
    format: int = FORMAT_JPEG
    flags: int = 0
    shows_until: float = 0


def pack_frame(frame: Frame, *, seq: int, input_seq: int) -> bytes:
    """The binary message: 32 bytes of header (docs/wire.md), then the picture."""
    header = HEADER.pack(
        b"QF",
        1,
        frame.format,
        seq,
        input_seq,
        frame.captured_at,
        frame.width,
        frame.height,
        frame.tab,
        frame.flags,
        0,
    )
    return header + frame.picture


def jpeg_size(picture: bytes) -> tuple[int, int]:
    """Width and height from the start-of-frame segment (ITU T.81, B.2.2); (0, 0) when there is none."""
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker = picture[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", picture, at + 5)
            return width, height
        at += 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
    return 0, 0


class _Fields:
    """Reads one message's fields, checked."""

    def __init__(self, message: Json) -> None:
        self.message = message
        self.given = frozenset(message)

    def number(self, name: str, default: float | None = None) -> float:
        value = self.message.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER:
            return value
        raise WireError(f"{name} must be a number, not {_shown(value)}")

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self.message.get(name, default)
        if type(value) is int and low <= value <= high:
            return value
        raise WireError(f"{name} must be a whole number from {low} to {high}, not {_shown(value)}")

    def text(self, name: str, default: str | None = None, longest: int = MAX_TEXT) -> str:
        value = self.message.get(name, default)
        if isinstance(value, str) and len(value) <= longest:
            return value
        raise WireError(f"{name} must be text of at most {longest} characters, not {_shown(value)}")

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self.message.get(name, default)
        if isinstance(value, bool):
            return value
        raise WireError(f"{name} must be true or false, not {_shown(value)}")

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> Any:
        value = self.message.get(name, default)
        if value in choices and isinstance(value, str):
            return value
        raise WireError(f"{name} must be one of {', '.join(choices)}, not {_shown(value)}")

    def has(self, name: str) -> bool:
        """Given, and not as null."""
        return self.message.get(name) is not None

    def size(self, name: str) -> Size:
        inside = self.message.get(name)
        if not isinstance(inside, dict):
            raise WireError(f"{name} must be an object with width and height, not {_shown(inside)}")
        fields = _Fields(inside)
        return Size(fields.integer("width", 1, MAX_SIDE), fields.integer("height", 1, MAX_SIDE))

    def names(self, name: str) -> tuple[str, ...]:
        given = self.message.get(name)
        if (
            isinstance(given, list)
            and 1 <= len(given) <= MAX_FILES
            and all(isinstance(each, str) and len(each) <= MAX_FILE_NAME for each in given)
        ):
            return tuple(given)
        raise WireError(f"{name} must be a list of 1 to {MAX_FILES} names, not {_shown(given)}")

    def seq(self) -> int:
        return self.integer("seq", 0, MAX_SEQ, 0)

    def modifiers(self) -> int:
        return self.integer("modifiers", 0, 15, 0)

    def point(self) -> tuple[float, float]:
        return self.number("x"), self.number("y")


def _shown(value: object) -> str:
    return "left out" if value is None else repr(value)[:80]


def parse(data: str | bytes) -> FromViewer:
    """One text message of a viewer. Raises WireError."""
    try:
        message = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise WireError(f"the message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise WireError("the message must be an object with a type")
    kind = message.get("type")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise WireError(f"type {_shown(kind)} is unknown")
    return read(_Fields(message))


def _settings(fields: _Fields) -> Settings:
    return Settings(
        given=fields.given,
        paused=fields.flag("paused", False),
        max_fps=fields.integer("max_fps", 1, 60) if fields.has("max_fps") else None,
        fit=fields.size("fit") if fields.has("fit") else None,
    )


def _control(fields: _Fields) -> ControlRequest:
    action = fields.choice("action", ("take", "release", "request", "grant", "deny"))
    viewer = fields.text("viewer", longest=64) if action in ("grant", "deny") else ""
    return ControlRequest(action, fields.flag("force", False), viewer)


def _mouse(fields: _Fields) -> Mouse:
    return Mouse(
        fields.seq(),
        fields.choice("action", ("move", "down", "up")),
        *fields.point(),
        fields.choice("button", BUTTONS, "none"),
        fields.integer("buttons", 0, 31, 0),
        fields.integer("click_count", 0, 100, 0),
        fields.modifiers(),
    )


def _wheel(fields: _Fields) -> Wheel:
    return Wheel(
        fields.seq(), *fields.point(), fields.number("dx", 0), fields.number("dy", 0), fields.modifiers()
    )


def _key(fields: _Fields) -> Key:
    return Key(
        fields.seq(),
        fields.choice("action", ("down", "up")),
        fields.text("key", longest=64),
        fields.text("code", "", longest=64),
        fields.text("text", "", longest=64),
        fields.modifiers(),
        fields.flag("repeat", False),
    )


def _composition(fields: _Fields) -> Composition:
    text = fields.text("text")
    end = fields.integer("selection_end", 0, MAX_TEXT, len(text))
    return Composition(fields.seq(), text, fields.integer("selection_start", 0, MAX_TEXT, end), end)


def _touch(fields: _Fields) -> Touch:
    points = fields.message.get("points")
    if (
        not isinstance(points, list)
        or len(points) > MAX_TOUCHES
        or not all(isinstance(p, dict) for p in points)
    ):
        raise WireError(f"points must be a list of at most {MAX_TOUCHES} objects with id, x and y")
    touched = tuple((_Fields(p).integer("id", 0, MAX_SEQ, 0), *_Fields(p).point()) for p in points)
    action = fields.choice("action", ("start", "move", "end", "cancel"))
    return Touch(fields.seq(), action, touched, fields.modifiers())


def _navigate(fields: _Fields) -> Navigate:
    if "action" in fields.given:
        return Navigate(fields.seq(), "", fields.choice("action", ("back", "forward", "reload", "stop")))
    return Navigate(fields.seq(), fields.text("url"), "")


def _select(fields: _Fields) -> SelectAnswer:
    dismissed = fields.message.get("index") is None
    index = None if dismissed else fields.integer("index", 0, MAX_SEQ)
    return SelectAnswer(fields.seq(), fields.integer("id", 1, MAX_SEQ), index)


def _file(fields: _Fields) -> FileAnswer:
    action = fields.choice("action", ("choose", "upload", "cancel"))
    number = fields.integer("id", 1, MAX_SEQ)
    match action:
        case "choose":
            return FileAnswer(fields.seq(), number, action, names=fields.names("names"))
        case "upload":
            name, data = fields.text("name", longest=MAX_FILE_NAME), fields.text("data", longest=MAX_PIECE)
            return FileAnswer(
                fields.seq(), number, action, name=name, data=data, last=fields.flag("last", False)
            )
        case _:
            return FileAnswer(fields.seq(), number, action)


def _tab(fields: _Fields) -> TabRequest:
    action = fields.choice("action", ("new", "activate", "close"))
    tab = 0 if action == "new" else fields.integer("tab", 1, MAX_SEQ)
    return TabRequest(fields.seq(), action, tab, fields.text("url", ""))


_READERS: dict[str, Callable[[_Fields], FromViewer]] = {
    "ack": lambda fields: Ack(fields.integer("seq", 0, MAX_SEQ)),
    "settings": _settings,
    "control": _control,
    "mouse": _mouse,
    "wheel": _wheel,
    "key": _key,
    "text": lambda fields: Text(fields.seq(), fields.text("text")),
    "composition": _composition,
    "touch": _touch,
    "navigate": _navigate,
    "resize": lambda fields: Resize(
        fields.seq(),
        fields.integer("width", SIDE_MIN, SIDE_MAX),
        fields.integer("height", SIDE_MIN, SIDE_MAX),
    ),
    "tab": _tab,
    "select": _select,
    "file": _file,
    "dialog": lambda fields: DialogAnswer(
        fields.seq(), fields.integer("id", 1, MAX_SEQ), fields.flag("accept"), fields.text("text", "")
    ),
}
