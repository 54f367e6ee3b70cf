"""What comes out of a page, made fit to be sent on: any text, number or structure may be in it."""

from __future__ import annotations

import math
import re
from typing import Any

DEEPEST = 50
_HALF = re.compile("[\ud800-\udfff]")


def plain(value: Any, depth: int = 0) -> Any:
    """The same as JSON has it: half a surrogate pair, an infinite number or a date is told as text."""
    match value:
        case str():
            return (
                value
                if value.isascii()
                else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
        case None | bool():
            return value
        case int():
            return value if abs(value) < 1 << 63 else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case dict() | list() if depth >= DEEPEST:
            return "…"
        case dict():
            return {str(plain(name)): plain(each, depth + 1) for name, each in value.items()}
        case list():
            return [plain(each, depth + 1) for each in value]
        case _:
            return str(value)
