"""A session's own files: what programs and people put there, what pages download, what functions leave.

All of this works on the disk and takes its time: call it in a thread.
"""

from __future__ import annotations

import contextlib
import mimetypes
import os
import re
import secrets
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from sessions_app.engine.errors import FilesFull, FileTooLarge, NameRefused, NoSuchFile
from sessions_app.engine.file_names import MAX_DEPTH, free_names, is_good, parts_of
from sessions_app.engine.guarded import GuardedFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

MAX_FILE = 100 << 20
MAX_ALL = 1 << 30
MAX_FILES = 2_000
# However many there are, folders among them, no more are looked at; a browser that was taken over could make millions.
MAX_SEEN = 10_000

FILES = "files"
DOWNLOADS = "downloads"
# Beside the files: where Chromium writes what it downloads, each under an id, and where the rest waits until it is whole.
INCOMING, WAITING = "downloads", "tmp"
UNKNOWN_TYPE = "application/octet-stream"

_types = mimetypes.MimeTypes()
_GUID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """`name` is relative to the session's files; `modified_at` in unix seconds."""

    name: str
    size: int
    modified_at: float

    @property
    def content_type(self) -> str:
        guessed, encoding = _types.guess_type(self.name)
        return guessed if guessed and not encoding else UNKNOWN_TYPE

    @classmethod
    def of(cls, name: str, found: os.stat_result) -> FileFacts:
        return cls(name=name, size=found.st_size, modified_at=found.st_mtime)


class SessionFiles:
    """Below `<session folder>/files`; they go when the folder does."""

    def __init__(self, folder: Path) -> None:
        self._folder = GuardedFolder(folder)
        self._lock = threading.Lock()
        self._arriving = 0

    def __repr__(self) -> str:
        return f"<SessionFiles {self._folder.path}>"

    @property
    def folder(self) -> Path:
        return self._folder.path / FILES

    @property
    def incoming(self) -> Path:
        """Where Chromium writes what it downloads."""
        return self._folder.path / INCOMING

    def list(self) -> list[FileFacts]:
        """By name."""
        return sorted(self._all(), key=lambda facts: facts.name)

    def facts(self, name: str) -> FileFacts:
        """Raises NoSuchFile, NameRefused."""
        parts = parts_of(name)
        with _missing(name):
            return FileFacts.of(name, self._folder.stat(FILES, *parts))

    def open(self, name: str) -> IO[bytes]:
        """To be read, and closed by the caller. Raises NoSuchFile, NameRefused."""
        parts = parts_of(name)
        with _missing(name):
            return os.fdopen(self._folder.open(FILES, *parts), "rb")

    def read(self, name: str) -> bytes:
        """Raises NoSuchFile, NameRefused."""
        with self.open(name) as file:
            return file.read()

    def path_of(self, name: str) -> Path:
        """For the browser, which opens it as its own user. Raises NoSuchFile, NameRefused."""
        self.facts(name)
        return self.folder / name

    def write(self, name: str, data: bytes) -> FileFacts:
        """Put a whole file there, in place of one of that name. Raises NameRefused, FileTooLarge, FilesFull."""
        with self.arrival(name) as arrival:
            arrival.write(data)
            return arrival.finish()

    def arrival(self, name: str, *, over: bool = True) -> Arrival:
        """A file that comes in pieces and is there when it is finished; unless `over`, beside one of that name.

        Raises NameRefused, FilesFull.
        """
        parts_of(name)
        others = [facts for facts in self._all() if facts.name != name]
        if len(others) >= MAX_FILES:
            raise FilesFull(f"This session has {MAX_FILES} files, as many as it may have; delete some first.")
        return Arrival(self, name, over=over, room=MAX_ALL - sum(facts.size for facts in others))

    def delete(self, name: str) -> None:
        """A file, and the folders that held nothing else. Raises NoSuchFile, NameRefused."""
        parts = parts_of(name)
        self.facts(name)
        with _missing(name):
            self._folder.unlink(FILES, *parts)
        with contextlib.suppress(OSError):
            for length in range(len(parts) - 1, 0, -1):
                self._folder.rmdir(FILES, *parts[:length])

    # What Chromium has downloaded

    def room(self) -> int:
        """How many bytes more there may be."""
        return max(0, MAX_ALL - sum(facts.size for facts in self._all()))

    def take_download(self, guid: str, suggested: str) -> FileFacts | None:
        """A finished download under its own name, or one like it when that is taken; None when it is not there."""
        if not _GUID.fullmatch(guid):
            return None
        with contextlib.suppress(OSError, FilesFull):
            self._folder.stat(INCOMING, guid)
            name = suggested if is_good(suggested) else "download"
            return self._settle_beside((INCOMING, guid), (FILES, DOWNLOADS, name))
        return None

    def drop_download(self, guid: str) -> None:
        """What is left of one that did not finish."""
        if _GUID.fullmatch(guid):
            with contextlib.suppress(OSError):
                self._folder.unlink(INCOMING, guid)

    # For Arrival

    def begin(self) -> tuple[int, str]:
        """A descriptor of a new file, and its name where it waits."""
        waiting = f"arrival-{secrets.token_hex(8)}"
        return self._folder.create(WAITING, waiting), waiting

    def reserve(self, size: int, room: int) -> bool:
        """Take `size` of the room that those which arrive at the same time share."""
        with self._lock:
            if self._arriving + size > room:
                return False
            self._arriving += size
            return True

    def give_back(self, size: int) -> None:
        with self._lock:
            self._arriving -= size

    def settle(self, waiting: str, name: str, *, over: bool) -> FileFacts:
        """Raises NameRefused."""
        source, target = (WAITING, waiting), (FILES, *parts_of(name))
        try:
            if not over:
                return self._settle_beside(source, target)
            self._folder.move(source, target, over=True)
        except (NotADirectoryError, IsADirectoryError) as error:
            raise NameRefused(
                name, "a part of it is the name of a file, or all of it that of a folder."
            ) from error
        return FileFacts.of(name, self._folder.stat(*target))

    def _settle_beside(self, source: tuple[str, ...], wanted: tuple[str, ...]) -> FileFacts:
        """Under the first name of its kind that is free."""
        *folders, last = wanted
        for name in free_names(last):
            target = (*folders, name)
            with contextlib.suppress(FileExistsError):
                self._folder.move(source, target, over=False)
                return FileFacts.of("/".join(target[1:]), self._folder.stat(*target))
        raise FilesFull(f"There are too many files called {last}; delete some first.")

    def forget(self, waiting: str) -> None:
        with contextlib.suppress(OSError):
            self._folder.unlink(WAITING, waiting)

    def _all(self) -> Iterator[FileFacts]:
        for parts, facts in self._folder.walk(FILES, depth=MAX_DEPTH - 1, most=MAX_SEEN):
            if all(map(is_good, parts)):
                yield FileFacts.of("/".join(parts), facts)


class Arrival:
    """A file on its way in; what was not finished is gone when it is left."""

    def __init__(self, files: SessionFiles, name: str, *, over: bool, room: int) -> None:
        self.size = 0
        self._files = files
        self._name = name
        self._over = over
        self._room = room
        fd, self._waiting = files.begin()
        self._file = os.fdopen(fd, "wb")

    def __repr__(self) -> str:
        return f"<Arrival {self._name} {self.size} bytes>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def write(self, data: bytes) -> None:
        """Raises FileTooLarge, FilesFull."""
        if self.size + len(data) > MAX_FILE:
            raise FileTooLarge(MAX_FILE)
        if not self._files.reserve(len(data), self._room):
            raise FilesFull(f"This session's files may take {MAX_ALL >> 20} MiB together; delete some first.")
        self.size += len(data)
        self._file.write(data)

    def finish(self) -> FileFacts:
        """Raises NameRefused."""
        self._file.close()
        return self._files.settle(self._waiting, self._name, over=self._over)

    def abandon(self) -> None:
        """Idempotent; what is finished stays."""
        self._files.give_back(self.size)
        self.size = 0
        with contextlib.suppress(OSError):
            self._file.close()
        self._files.forget(self._waiting)


@contextlib.contextmanager
def _missing(name: str) -> Iterator[None]:
    """Gone, a folder, a link, a pipe: for whoever asks for a file there is none."""
    try:
        yield
    except OSError as error:
        raise NoSuchFile(name) from error
