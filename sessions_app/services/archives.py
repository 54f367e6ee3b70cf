"""A ZIP archive of a session's files, made piece by piece: neither the memory nor the disk ever holds all of it."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from typing import TYPE_CHECKING

from sessions_app.engine.errors import NoSuchFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from sessions_app.engine.files import FileFacts, SessionFiles

CHUNK = 256 << 10
# What people keep is mostly packed already; a harder try would only take longer.
LEVEL = 1
# The format knows no earlier year.
EARLIEST = 315_619_200.0


class _Pieces(io.RawIOBase):
    """Takes what is written until somebody takes it away."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._held.append(piece)
        return len(piece)

    def take(self) -> bytes:
        held, self._held = self._held, []
        return b"".join(held)


class Archive:
    """Of the files that were listed; one that has gone meanwhile is left out."""

    def __init__(self, files: SessionFiles, listed: list[FileFacts]) -> None:
        self._files = files
        self._listed = listed

    async def parts(self) -> AsyncIterator[bytes]:
        pieces = self._packed()
        try:
            while piece := await asyncio.to_thread(next, pieces, b""):
                yield piece
        finally:
            pieces.close()

    def _packed(self) -> Generator[bytes, None, None]:
        out = _Pieces()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for facts in self._listed:
                for _ in self._pack(archive, facts):
                    if piece := out.take():
                        yield piece
        yield out.take()

    def _pack(self, archive: zipfile.ZipFile, facts: FileFacts) -> Iterator[None]:
        changed = time.gmtime(max(facts.modified_at, EARLIEST))
        entry = zipfile.ZipInfo(facts.name, changed[:6])
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        try:
            source = self._files.open(facts.name)
        except NoSuchFile:
            return
        with source, archive.open(entry, "w", force_zip64=True) as packed:
            while data := source.read(CHUNK):
                packed.write(data)
                yield
