"""What a browser and the machine use, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")
CGROUP = Path("/sys/fs/cgroup")


def _text(path: str) -> str:
    """In half of the time that pathlib takes; of each browser a dozen such files are read again and again."""
    with open(path, "rb", buffering=0) as file:
        return file.read().decode(errors="replace")


def tree(pid: int) -> Iterator[int]:
    """A process and its descendants (proc(5), `children`; a kernel without that file shows the process alone)."""
    yield pid
    try:
        children = _text(f"{PROC}/{pid}/task/{pid}/children").split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def cpu_seconds(pid: int) -> float:
    """Processor time, user and system, of a process and its living descendants (proc(5), stat fields 14 and 15)."""
    total = 0
    for one in tree(pid):
        try:
            fields = _text(f"{PROC}/{one}/stat").rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def oom_kills() -> int:
    """How many processes the kernel has killed for want of memory since it started (proc(5), vmstat); 0 if it does not say."""
    try:
        lines = (PROC / "vmstat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def memory_bytes(pid: int) -> int:
    """Memory that a process and its living descendants hold for themselves: resident and not shared (statm)."""
    total = 0
    for one in tree(pid):
        try:
            fields = _text(f"{PROC}/{one}/statm").split()
        except OSError:
            continue
        total += max(0, int(fields[1]) - int(fields[2]))
    return total * _PAGE


class Held(NamedTuple):
    """Memory of several processes: what they share counted in parts, or, where the kernel does not tell, not at all."""

    bytes: int
    measure: Literal["proportional", "unshared"]


def held_memory(pid: int) -> Held:
    """Of a process and its living descendants (proc(5), smaps_rollup, which takes some milliseconds)."""
    total = 0
    for one in tree(pid):
        try:
            lines = _text(f"{PROC}/{one}/smaps_rollup").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:
            return Held(memory_bytes(pid), "unshared")
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return Held(total, "proportional") if total else Held(memory_bytes(pid), "unshared")


def resident_bytes(pid: int) -> int:
    """Memory that one process has, with what it shares (statm)."""
    return int((PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE


def lives(pid: int) -> bool:
    """Whether the process runs; one that has exited and is only waited for does not."""
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def machine_times() -> tuple[float, float]:
    """Processor seconds of all cores since the machine's start: busy ones, and all (proc(5), /proc/stat)."""
    fields = [int(field) for field in (PROC / "stat").read_text().partition("\n")[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / _TICKS, sum(fields) / _TICKS


def machine_memory() -> tuple[int, int]:
    """Bytes there are, and bytes still to be had; of the control group where that has less than the machine."""
    lines = dict(line.split(":") for line in (PROC / "meminfo").read_text().splitlines())
    total, available = (int(lines[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    try:
        limit = int((CGROUP / "memory.max").read_text())
        free = limit - int((CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        return total, available
    return (limit, max(0, min(free, available))) if limit < total else (total, available)
