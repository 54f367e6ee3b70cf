"""What a field of a step may hold, and what is made of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from sessions_app.engine.address import check_address
from sessions_app.engine.errors import AddressRefused
from sessions_app.services.steps.selectors import Selector

Kind = Callable[[Any], Any]

MAX_MILLISECONDS = 600_000
MAX_USER_AGENT = 1024
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_LENGTH = re.compile(r"\d+(\.\d+)?(px|in|cm|mm)?")


class Misfit(Exception):
    """`path` leads from the step to the value that cannot be."""

    def __init__(self, why: str, *path: str, code: str = "invalid_request") -> None:
        super().__init__(why)
        self.why = why
        self.path = path
        self.code = code

    def within(self, part: str) -> Misfit:
        return Misfit(self.why, part, *self.path, code=self.code)


def words(value: Any) -> str:
    """A text; a number becomes one, as parameters may be numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Misfit("a text is wanted")


def filled_words(value: Any) -> str:
    text = words(value)
    if not text.strip():
        raise Misfit("an empty text will not do")
    return text


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Misfit("true or false is wanted")


def number(low: float, high: float) -> Kind:
    """Within these bounds; also as a text, as those write it who have one field for everything."""

    def parse(value: Any) -> float:
        try:
            found = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            raise Misfit("a number is wanted") from None
        if not low <= found <= high:
            raise Misfit(f"a number within {low:g} and {high:g} is wanted")
        return found

    return parse


def whole_number(low: int, high: int) -> Kind:
    within = number(low, high)

    def parse(value: Any) -> int:
        found: float = within(value)
        if not found.is_integer():
            raise Misfit("a whole number is wanted")
        return int(found)

    return parse


milliseconds = number(0, MAX_MILLISECONDS)


def one_of(choices: Mapping[str, Any]) -> Kind:
    def parse(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise Misfit(f"one of {', '.join(choices)} is wanted")
        return choices[value]

    return parse


def either(*kinds: Kind) -> Kind:
    """The first that fits; the last one says what is wrong."""

    def parse(value: Any) -> Any:
        for kind in kinds[:-1]:
            try:
                return kind(value)
            except Misfit:
                continue
        return kinds[-1](value)

    return parse


def many(kind: Kind) -> Kind:
    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Misfit("a list is wanted")
        return [_within(str(index), kind, part) for index, part in enumerate(value)]

    return parse


def separated(kind: Kind) -> Kind:
    """A list, or a text with commas."""
    listed = many(kind)

    def parse(value: Any) -> list[Any]:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        found: list[Any] = listed(parts)
        if not found:
            raise Misfit("an empty list will not do")
        return found

    return parse


def or_json(kind: Kind) -> Kind:
    """The value itself, or JSON text of it."""

    def parse(value: Any) -> Any:
        try:
            return kind(orjson.loads(value) if isinstance(value, str) else value)
        except orjson.JSONDecodeError:
            raise Misfit("this is no JSON") from None

    return parse


def shape(parts: Mapping[str, tuple[str, Kind]], *, needed: tuple[str, ...] = ()) -> Kind:
    """An object with some of these parts, which we call otherwise, and no others."""

    def parse(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Misfit("an object is wanted")
        for part in needed:
            if value.get(part) is None:
                raise Misfit("this is missing", part)
        for part in value:
            if part not in parts:
                raise Misfit(f"unknown; there are {', '.join(parts)}", str(part))
        given = {part: found for part, found in value.items() if found is not None}
        return {parts[part][0]: _within(part, parts[part][1], found) for part, found in given.items()}

    return parse


def _within(part: str, kind: Kind, value: Any) -> Any:
    try:
        return kind(value)
    except Misfit as misfit:
        raise misfit.within(part) from None


def anything(value: Any) -> Any:
    return value


def selector(value: Any) -> Selector:
    if not isinstance(value, str) or not value.strip():
        raise Misfit("an XPath, a JSPath or a CSS selector is wanted")
    return Selector.of(value)


def address(value: Any) -> str:
    try:
        return check_address(filled_words(value))
    except AddressRefused as refusal:
        raise Misfit(str(refusal), code="address_refused") from None


def user_agent(value: Any) -> str:
    text = filled_words(value)
    if len(text) > MAX_USER_AGENT or _CONTROL_CHARACTER.search(text):
        raise Misfit(f"one line of at most {MAX_USER_AGENT} characters is wanted")
    return text


def length(value: Any) -> str | float:
    """On paper: pixels, or a text such as "1cm"."""
    if isinstance(value, str) and _LENGTH.fullmatch(value):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return value
    raise Misfit('a length such as "1cm" or a number of pixels is wanted')
