"""What functions leave in a session's files: pictures and prints, the newest of them."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sessions_app.engine.errors import EngineError, FilesFull
from sessions_app.services import addresses

if TYPE_CHECKING:
    from sessions_app.engine.session import LiveSession

Kind = Literal["screenshots", "prints"]
MOST = 100
_ENDINGS = {"screenshots": "png", "prints": "pdf"}


@dataclass(frozen=True, kw_only=True)
class File:
    """`uri` is absolute, and asks for a key as every other address of the API does."""

    uri: str
    content_type: str
    size: int
    filename: str


class _Shelf:
    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.names: deque[str] = deque()


_shelves: WeakKeyDictionary[LiveSession, dict[Kind, _Shelf]] = WeakKeyDictionary()


async def keep(live: LiveSession, kind: Kind, data: bytes, *, ending: str = "") -> File:
    """The oldest goes when there are too many. Raises FilesFull."""
    shelf = _shelves.setdefault(live, {}).setdefault(kind, _Shelf())
    name = f"{kind}/{next(shelf.numbers):04}.{ending or _ENDINGS[kind]}"
    file = await keep_as(live, name, data)
    shelf.names.append(name)
    if len(shelf.names) > MOST:
        # A program may have deleted it before.
        with suppress(EngineError):
            await asyncio.to_thread(live.files.delete, shelf.names.popleft())
    return file


async def keep_as(live: LiveSession, name: str, data: bytes) -> File:
    """Under the caller's own name, where it stays. Raises NameRefused, FileTooLarge, FilesFull."""
    try:
        facts = await asyncio.to_thread(live.files.write, name, data)
    except OSError as error:
        raise FilesFull(f"{name} could not be kept: {error.strerror}.") from error
    return File(
        uri=addresses.public_url(f"/api/v1/sessions/{live.id}/files/{quote(name)}"),
        content_type=facts.content_type,
        size=facts.size,
        filename=name.rpartition("/")[2],
    )
