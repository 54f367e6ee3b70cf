"""Where the browsers' folders lie."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from pathlib import Path

from sessions_app.engine.errors import LaunchFailed

BROWSER_PREFIX = "browser-"
REMOVE_LIMIT = 3.0
REMOVE_AGAIN = 0.01
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - claimed below, and refused when it is not ours
# Full Chromium binds a socket 66 bytes below (browser-…/tmp/org.chromium.Chromium.…/SingletonSocket); Linux takes 107.
LONGEST = 41


def sessions_folder(data: Path) -> Path:
    """`sessions` in the data folder; elsewhere when its path is too long or a session's user could not pass to it."""
    folder = data / "sessions"
    passable = os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents)
    if passable and len(os.fsencode(folder)) <= LONGEST:
        return folder
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return ELSEWHERE / f"quarterdeck-{name}"


def prepare(folder: Path) -> int:
    """Make the folder, private but passable, and remove what an earlier server left there; how many browsers' folders.

    Raises LaunchFailed when it belongs to somebody else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise LaunchFailed(f"The folder {folder} belongs to another user; remove it.")
    # Each browser's own folder is 0700; as root its user must pass through here.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    leftovers = [path for path in folder.iterdir() if path.name.startswith(BROWSER_PREFIX)]
    for path in leftovers:
        remove(path)
    return len(leftovers)


def remove(folder: Path) -> None:
    """Remove a browser's folder, again and again while a dying process of it still writes there."""
    give_up = time.monotonic() + REMOVE_LIMIT
    shutil.rmtree(folder, ignore_errors=True)
    while folder.exists() and time.monotonic() < give_up:
        time.sleep(REMOVE_AGAIN)
        shutil.rmtree(folder, ignore_errors=True)
