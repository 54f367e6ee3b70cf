"""A session's own files: listed, read, written, deleted, and all of them as an archive; they go when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sessions_app import selectors
from sessions_app.engine import errors as engine_errors
from sessions_app.engine.files import UNKNOWN_TYPE, FileFacts
from sessions_app.services import archives, lookup
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, FileTooLarge, Invalid, InvalidCursor, NotFound, StorageFull

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Protocol

    from sessions_app.engine.files import SessionFiles
    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor

    class Source(Protocol):
        """What a file's bytes are read from."""

        def read(self, size: int, /) -> bytes: ...


CHUNK = 256 << 10
FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
# What a browser may be told that a file of anybody's is; the rest could be more than a picture of itself.
TOLD_TYPES = frozenset(
    [
        "application/json",
        "application/pdf",
        "application/zip",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
        "video/webm",
    ]
)


@dataclass
class Download:
    """An open file; whoever has it reads it once or closes it."""

    facts: FileFacts
    file: IO[bytes]

    @property
    def content_type(self) -> str:
        return self.facts.content_type if self.facts.content_type in TOLD_TYPES else UNKNOWN_TYPE

    async def parts(self) -> AsyncIterator[bytes]:
        """As many bytes as were announced, however it may change meanwhile."""
        left = self.facts.size
        with self.file:
            while left and (part := await asyncio.to_thread(self.file.read, min(CHUNK, left))):
                left -= len(part)
                yield part

    def close(self) -> None:
        self.file.close()


async def all_files(actor: Actor, session_id: str) -> list[FileFacts]:
    """By name."""
    _, live = await lookup.running(actor, session_id)
    return await asyncio.to_thread(live.files.list)


async def list_files(
    actor: Actor, session_id: str, *, limit: int = 100, cursor: str | None = None
) -> Page[FileFacts]:
    found = await all_files(actor, session_id)
    try:
        return selectors.page_by(found, lambda facts: facts.name, limit=limit, cursor=cursor)
    except selectors.UnknownCursor:
        raise InvalidCursor("This cursor did not come from this list.") from None


async def read(actor: Actor, session_id: str, name: str) -> Download:
    _, live = await lookup.running(actor, session_id)
    with _nothing_there():
        file = await asyncio.to_thread(live.files.open, name)
    # Of what was opened: another may have taken its place before or since.
    return Download(FileFacts.of(name, os.fstat(file.fileno())), file)


async def write(actor: Actor, session_id: str, name: str, source: Source) -> FileFacts:
    """All that `source` holds becomes the file, in place of one of that name."""
    actor.require(Right.CHANGE)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    with _refused():
        try:
            return await asyncio.to_thread(_copy, source, live.files, name)
        except OSError:
            # Its folder goes when the session ends.
            await lookup.running(actor, session_id)
            raise


async def delete(actor: Actor, session_id: str, name: str) -> None:
    actor.require(Right.CHANGE)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    with _nothing_there():
        await asyncio.to_thread(live.files.delete, name)


async def archive(actor: Actor, session_id: str) -> archives.Archive:
    """A ZIP of all of them, made while it is sent."""
    _, live = await lookup.running(actor, session_id)
    return archives.Archive(live.files, await asyncio.to_thread(live.files.list))


def _copy(source: Source, files: SessionFiles, name: str) -> FileFacts:
    with files.arrival(name) as arrival:
        while part := source.read(CHUNK):
            arrival.write(part)
        return arrival.finish()


@contextlib.contextmanager
def _nothing_there() -> Iterator[None]:
    """A file of a name that none may have is as little there as any other."""
    try:
        yield
    except (engine_errors.NoSuchFile, engine_errors.NameRefused) as error:
        raise NotFound(str(error), code="file_not_found") from None


@contextlib.contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except engine_errors.NameRefused as error:
        raise Invalid(str(error), field="path") from None
    except engine_errors.FileTooLarge as error:
        raise FileTooLarge(str(error)) from None
    except engine_errors.FilesFull as error:
        raise Conflict(str(error), code="files_full") from None
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        raise StorageFull("The server's disk is full.") from error
