"""`{{name}}` in a step's texts, and the parameter that takes its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOT = re.compile(r"\{\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}\}")


class UnknownParameter(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"no parameter {name!r} was given")


def filled(value: Any, params: Mapping[str, Any]) -> Any:
    """The same with every slot filled; a text that is nothing but one slot becomes the parameter as it is.

    What parameters hold is not looked at again. Raises UnknownParameter.
    """
    match value:
        case str():
            return _filled_text(value, params)
        case list():
            return [filled(part, params) for part in value]
        case dict():
            return {key: filled(part, params) for key, part in value.items()}
        case _:
            return value


def _filled_text(text: str, params: Mapping[str, Any]) -> Any:
    whole = _SLOT.fullmatch(text)
    if whole:
        return _looked_up(whole[1], params)
    return _SLOT.sub(lambda slot: _as_text(_looked_up(slot[1], params)), text)


def _looked_up(name: str, params: Mapping[str, Any]) -> Any:
    """`user.name` and `list.0` reach inside."""
    value: Any = params
    for part in name.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise UnknownParameter(name)
    return value


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
