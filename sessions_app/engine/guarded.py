"""A folder in which somebody we do not trust writes as well, used without ever being led out of it.

Whatever took a browser over may put links, pipes and folders of its own into its session's folder at any moment. So
nothing is opened by its whole path: each part is opened in the one before, links are never followed, and only plain
files of the folder's own user count.
"""

from __future__ import annotations

import contextlib
import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe in place of a file would be waited for.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class GuardedFolder:
    """Names are given in parts, none of which holds a `/`; what goes wrong is an OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"<GuardedFolder {self.path}>"

    @cached_property
    def _owner(self) -> int:
        return self.path.stat().st_uid

    @contextlib.contextmanager
    def at(self, *folders: str, make: bool = False) -> Iterator[int]:
        """A descriptor of a folder in here; with `make` of one that was not there."""
        with contextlib.ExitStack() as opened:
            here = os.open(self.path, _FOLDER)
            opened.callback(os.close, here)
            owner = os.fstat(here).st_uid
            for part in folders:
                if make:
                    _make(part, here, owner)
                here = os.open(part, _FOLDER, dir_fd=here)
                opened.callback(os.close, here)
            yield here

    def open(self, *parts: str) -> int:
        """A descriptor of a file, to be read."""
        *folders, name = parts
        with self.at(*folders) as folder:
            fd = os.open(name, _READ, dir_fd=folder)
        if not self.is_plain(os.fstat(fd)):
            os.close(fd)
            raise FileNotFoundError(name)
        return fd

    def create(self, *parts: str) -> int:
        """A descriptor of a new file, to be written."""
        *folders, name = parts
        with self.at(*folders) as folder:
            fd = os.open(name, _WRITE, 0o600, dir_fd=folder)
        if os.geteuid() == 0:
            os.fchown(fd, self._owner, self._owner)
        return fd

    def stat(self, *parts: str) -> os.stat_result:
        """Of a file."""
        *folders, name = parts
        with self.at(*folders) as folder:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not self.is_plain(found):
            raise FileNotFoundError(name)
        return found

    def move(self, source: Sequence[str], target: Sequence[str], *, over: bool) -> None:
        """Make way for `target`; with `over` in place of what is there, else FileExistsError."""
        with self.at(*source[:-1]) as before, self.at(*target[:-1], make=True) as after:
            if over:
                os.replace(source[-1], target[-1], src_dir_fd=before, dst_dir_fd=after)
                return
            os.link(source[-1], target[-1], src_dir_fd=before, dst_dir_fd=after, follow_symlinks=False)
            os.unlink(source[-1], dir_fd=before)

    def unlink(self, *parts: str) -> None:
        *folders, name = parts
        with self.at(*folders) as folder:
            os.unlink(name, dir_fd=folder)

    def rmdir(self, *parts: str) -> None:
        *folders, name = parts
        with self.at(*folders) as folder:
            os.rmdir(name, dir_fd=folder)

    def walk(self, *folders: str, depth: int, most: int) -> Iterator[tuple[tuple[str, ...], os.stat_result]]:
        """The plain files below, each with its name's parts from there on; no more than `most` names are looked at."""
        yield from self._walk(folders, depth, iter(range(most)))

    def _walk(
        self, folders: tuple[str, ...], depth: int, left: Iterator[int]
    ) -> Iterator[tuple[tuple[str, ...], os.stat_result]]:
        try:
            with self.at(*folders) as here, os.scandir(here) as entries:
                found = [
                    (entry.name, entry.stat(follow_symlinks=False))
                    for entry, _ in zip(entries, left, strict=False)
                ]
        except OSError:
            # It went while we looked, or is a link.
            return
        for name, facts in found:
            if self.is_plain(facts):
                yield (name,), facts
            elif depth and stat.S_ISDIR(facts.st_mode):
                for below, inside in self._walk((*folders, name), depth - 1, left):
                    yield (name, *below), inside

    def is_plain(self, facts: os.stat_result) -> bool:
        """A file, and one of the folder's user: a second name of somebody else's file is none."""
        return stat.S_ISREG(facts.st_mode) and facts.st_uid == self._owner


def _make(name: str, parent: int, owner: int) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
    except FileExistsError:
        return
    if os.geteuid() == 0:
        # By a descriptor: the name may stand for something else already, a second name of somebody's file.
        made = os.open(name, _FOLDER, dir_fd=parent)
        try:
            os.fchown(made, owner, owner)
        finally:
            os.close(made)
