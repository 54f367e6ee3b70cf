"""One Chromium: its process group, its user id, its folder and its pipe, with one end for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sessions_app.engine import folders
from sessions_app.engine.accounts import Account, claim_account
from sessions_app.engine.errors import LaunchFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILL_GRACE = 2.0
LOG_TAIL = 2_000
CHROMIUM_READS, CHROMIUM_WRITES = 3, 4
CLEAR_OF = 10
PRELUDE = 'umask 077; ulimit -c 0; cd "$1"; shift; exec "$@"'


@dataclass(frozen=True)
class Descriptors:
    """Our ends of the debugging pipe; whoever builds the transport owns them."""

    read: int
    write: int


_in_use: set[Path] = set()


def folders_in_use() -> frozenset[Path]:
    """Of the browsers that run, start or are being closed; any other is a leftover."""
    return frozenset(_in_use)


class ChromiumProcess:
    """A running Chromium in a process group, user id and folder of its own.

    Ends by `aclose`, or by itself; either way `aclose` leaves no process and no folder.
    """

    def __init__(
        self, pid: int, folder: Path, account: Account | None, pipe: Descriptors, log: IO[bytes]
    ) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.folder = folder
        self.pipe = pipe
        self.exited = asyncio.Event()
        self.on_exit: Callable[[], None] = lambda: None
        self._account = account
        self._log = log
        _in_use.add(folder)
        self._pidfd = os.pidfd_open(pid)
        self._closing: asyncio.Future[None] | None = None
        asyncio.get_running_loop().add_reader(self._pidfd, self._reap)

    def __repr__(self) -> str:
        return f"<ChromiumProcess pid={self.pid} {'exited' if self.exited.is_set() else 'running'}>"

    def kill(self) -> None:
        """Kill the whole group now; `exited` follows."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def log_tail(self) -> str:
        """The last lines that Chromium wrote to stderr."""
        if self._log.closed:
            return ""
        end = os.fstat(self._log.fileno()).st_size
        tail = os.pread(self._log.fileno(), LOG_TAIL, max(0, end - LOG_TAIL))
        return tail.decode(errors="replace").strip()

    async def aclose(self, *, ask: Callable[[], None], grace: float) -> None:
        """Ask the browser to close, kill the group after `grace` seconds, remove the folder.

        Idempotent; a second caller waits for the first. Cancelled, it still kills and removes.
        """
        if self._closing is not None:
            await asyncio.shield(self._closing)
            return
        self._closing = asyncio.get_running_loop().create_future()
        try:
            await self._end(ask, grace)
        finally:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            self._log.close()
            _in_use.discard(self.folder)
            if self._account:
                self._account.release()
            self._closing.set_result(None)

    async def _end(self, ask: Callable[[], None], grace: float) -> None:
        if not self.exited.is_set():
            ask()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self.exited.wait()
        self.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KILL_GRACE):
                await self.exited.wait()
        await asyncio.to_thread(folders.remove, self.folder)

    def _reap(self) -> None:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return
        self.returncode = os.waitstatus_to_exitcode(status)
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        self.exited.set()
        self.on_exit()


def start_chromium(
    binary: Path, flags: list[str], folder: Path, *, env: dict[str, str] | None = None
) -> ChromiumProcess:
    """Start `binary` on a debugging pipe with `folder` (made here, 0700) as home, profile and temporary space.

    Raises LaunchFailed.
    """
    try:
        with contextlib.ExitStack() as undo:
            account = claim_account()
            if account:
                undo.callback(account.release)
            to_child, from_child = _pipe(undo), _pipe(undo)
            _make_folder(folder, account, undo)
            # It has no name, so that whatever runs in there cannot put another file in its place for us to read.
            log = undo.enter_context(tempfile.TemporaryFile(dir=folder))
            ends = (log.fileno(), to_child[0], from_child[1])
            pid = _spawn(binary, flags, folder, account, ends, env or {})
            undo.callback(_put_down, pid)
            pipe = Descriptors(read=from_child[0], write=to_child[1])
            process = ChromiumProcess(pid, folder, account, pipe, log)
            undo.pop_all()
    except OSError as error:
        raise LaunchFailed(f"Chromium could not be started ({binary}): {error}") from error
    os.close(to_child[0])
    os.close(from_child[1])
    return process


def _make_folder(folder: Path, account: Account | None, undo: contextlib.ExitStack) -> None:
    folder.mkdir(mode=0o700)
    undo.callback(shutil.rmtree, folder, ignore_errors=True)
    parts = [folder / part for part in ("tmp", "downloads", "files", "files/downloads")]
    for part in parts:
        part.mkdir(mode=0o700)
    if account:
        for path in (*reversed(parts), folder):
            os.chown(path, account.uid, account.uid)


def _spawn(
    binary: Path,
    flags: list[str],
    folder: Path,
    account: Account | None,
    ends: tuple[int, int, int],
    env: dict[str, str],
) -> int:
    environment = {
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        **env,
    }
    command = [
        "/bin/sh",
        "-c",
        PRELUDE,
        "chromium",
        str(folder),
        str(binary),
        f"--user-data-dir={folder / 'profile'}",
    ]
    if account:
        uid = str(account.uid)
        command = ["/usr/bin/setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *command]
    log, reads, writes = ends
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 2),
        (os.POSIX_SPAWN_DUP2, reads, CHROMIUM_READS),
        (os.POSIX_SPAWN_DUP2, writes, CHROMIUM_WRITES),
    ]
    return os.posix_spawn(command[0], [*command, *flags], environment, file_actions=actions, setsid=True)


def _put_down(pid: int) -> None:
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _pipe(undo: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose ends stand clear of the numbers that Chromium's own must have."""
    low = os.pipe()
    try:
        return _raised(low[0], undo), _raised(low[1], undo)
    finally:
        os.close(low[0])
        os.close(low[1])


def _raised(fd: int, undo: contextlib.ExitStack) -> int:
    high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, CLEAR_OF)
    undo.callback(os.close, high)
    return high
