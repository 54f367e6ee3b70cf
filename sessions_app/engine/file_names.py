"""Which names a session's files may have; pure."""

from __future__ import annotations

import unicodedata

from sessions_app.engine.errors import NameRefused

MAX_DEPTH = 8
MAX_PART = 240
MAX_NAME = 1_000
# What Windows takes for a device, whatever follows the dot; an archive of all files is to be opened there as well.
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))]
)


def parts_of(name: str) -> tuple[str, ...]:
    """The folders of a `/`-separated relative name and, last, the file. Raises NameRefused."""
    if not name or len(name) > MAX_NAME:
        raise NameRefused(name, f"it must have 1 to {MAX_NAME} characters.")
    parts = tuple(name.split("/"))
    if len(parts) > MAX_DEPTH:
        raise NameRefused(name, f"it may lie at most {MAX_DEPTH - 1} folders deep.")
    for part in parts:
        if why := _why_not(part):
            raise NameRefused(name, why)
    return parts


def is_good(part: str) -> bool:
    return not _why_not(part)


def _why_not(part: str) -> str:
    if part in ("", ".", ".."):
        return "it must be relative, without empty parts, . and .."
    if "\\" in part or any(unicodedata.category(letter).startswith("C") for letter in part):
        return "it may hold no backslash and nothing that cannot be seen."
    if part != part.strip() or part.endswith("."):
        return "no part of it may begin or end with a space or end with a dot."
    if part.split(".")[0].lower() in DEVICES:
        return f"{part} is a device's name on some systems."
    if len(part.encode()) > MAX_PART:
        return f"each part of it may have at most {MAX_PART} bytes."
    return ""


def free_names(name: str) -> tuple[str, ...]:
    """`name` and what it may be called when that is taken: "name (1).ext" and so on."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    return (name, *(f"{stem} ({number}){dot}{ending}" for number in range(1, 1_000)))
