"""What runs on this machine, read from /proc; a zombie is as good as gone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def group(pid: int) -> list[int]:
    """The living processes of a process group."""
    return [other for other, fields in _all() if int(fields[2]) == pid]


def naming(text: str) -> list[int]:
    """The living processes with this text in their command line."""
    return [pid for pid, _ in _all() if text in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def uids_of(pid: int) -> set[int]:
    """Real, effective, saved and file system user id."""
    line = next(line for line in status_of(pid).splitlines() if line.startswith("Uid:"))
    return set(map(int, line.split()[1:]))


def status_of(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text()


def sockets_of(pid: int) -> set[str]:
    """The inodes of a process's sockets."""
    targets = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            targets.append(os.readlink(link))
    return {target[8:-1] for target in targets if target.startswith("socket:[")}


def listening_sockets() -> set[str]:
    """The inodes of all TCP sockets that wait for connections."""
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    return {fields[9] for table in tables for fields in map(str.split, table) if fields[3] == "0A"}


def descriptors() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))


def _all() -> list[tuple[int, list[str]]]:
    """Each living process and its fields of proc(5) `stat`, from the state on."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found.append((int(entry.name), fields))
    return found
