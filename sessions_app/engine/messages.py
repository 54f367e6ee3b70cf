"""What a viewer may say, as checked values (docs/wire.md has the table)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Ack:
    seq: int


class Size(NamedTuple):
    """In pixels of a picture."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Settings:
    """`given` names the fields that the message holds; the others keep their value."""

    given: frozenset[str]
    paused: bool = False
    max_fps: int | None = None
    fit: Size | None = None


@dataclass(frozen=True, slots=True)
class ControlRequest:
    action: Literal["take", "release", "request", "grant", "deny"]
    force: bool = False
    viewer: str = ""


@dataclass(frozen=True, slots=True)
class Mouse:
    seq: int
    action: Literal["move", "down", "up"]
    x: float
    y: float
    button: str
    buttons: int
    click_count: int
    modifiers: int


@dataclass(frozen=True, slots=True)
class Wheel:
    seq: int
    x: float
    y: float
    dx: float
    dy: float
    modifiers: int


@dataclass(frozen=True, slots=True)
class Key:
    seq: int
    action: Literal["down", "up"]
    key: str
    code: str
    text: str
    modifiers: int
    repeat: bool


@dataclass(frozen=True, slots=True)
class Text:
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Composition:
    seq: int
    text: str
    selection_start: int
    selection_end: int


@dataclass(frozen=True, slots=True)
class Touch:
    seq: int
    action: Literal["start", "move", "end", "cancel"]
    points: tuple[tuple[int, float, float], ...]
    modifiers: int


@dataclass(frozen=True, slots=True)
class Navigate:
    """Either `url` or `action` is set."""

    seq: int
    url: str
    action: Literal["", "back", "forward", "reload", "stop"]


@dataclass(frozen=True, slots=True)
class Resize:
    seq: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TabRequest:
    seq: int
    action: Literal["new", "activate", "close"]
    tab: int
    url: str


@dataclass(frozen=True, slots=True)
class DialogAnswer:
    seq: int
    id: int
    accept: bool
    text: str


@dataclass(frozen=True, slots=True)
class SelectAnswer:
    """`index` None closes the list and changes nothing."""

    seq: int
    id: int
    index: int | None


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """`names` goes with choose; `name`, `data` (base64) and `last` with upload, of which each piece is a message."""

    seq: int
    id: int
    action: Literal["choose", "upload", "cancel"]
    names: tuple[str, ...] = ()
    name: str = ""
    data: str = ""
    last: bool = False


Input = (
    Mouse
    | Wheel
    | Key
    | Text
    | Composition
    | Touch
    | Navigate
    | Resize
    | TabRequest
    | DialogAnswer
    | SelectAnswer
    | FileAnswer
)
FromViewer = Ack | Settings | ControlRequest | Input
