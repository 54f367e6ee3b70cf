"""Unprivileged user ids for browsers of a server that is root: one id a browser, so that none reads another's files."""

from __future__ import annotations

import fcntl
import itertools
import os
from pathlib import Path

from sessions_app.engine.errors import LaunchFailed

FIRST_UID = 52_000
UIDS = 1_000
LOCKS = Path("/run/quarterdeck-uids")

_turn = itertools.count()


class Account:
    """One uid, held by a file lock until `release`, so that two servers on a machine never share one.

    The kernel drops the lock when this process dies.
    """

    def __init__(self, uid: int, lock_fd: int) -> None:
        self.uid = uid
        self._lock_fd: int | None = lock_fd

    def __repr__(self) -> str:
        return f"<Account uid={self.uid}>"

    def release(self) -> None:
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None


def claim_account(locks: Path = LOCKS) -> Account | None:
    """The next free uid of the range; None when this process is not root and cannot give one away.

    Ids are taken in turn: a freed one rests as long as possible before another session gets it.
    """
    if os.geteuid() != 0:
        return None
    locks.mkdir(mode=0o700, exist_ok=True)
    for _ in range(UIDS):
        uid = FIRST_UID + next(_turn) % UIDS
        fd = os.open(locks / str(uid), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            continue
        return Account(uid, fd)
    raise LaunchFailed(f"All {UIDS} user ids for browsers are in use; release sessions first.")
