"""What is read of the machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine import measure

if TYPE_CHECKING:
    from pathlib import Path


def test_processor_time_grows_with_work() -> None:
    before = measure.cpu_seconds(os.getpid())
    while measure.cpu_seconds(os.getpid()) <= before:
        sum(range(10_000))


def test_what_the_kernel_killed_for_want_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "PROC", tmp_path)
    assert measure.oom_kills() == 0
    (tmp_path / "vmstat").write_text("pgfault 12\noom_kill 3\noom_kill_disable 9\n")
    assert measure.oom_kills() == 3


def test_memory_that_a_process_holds_for_itself() -> None:
    before = measure.memory_bytes(os.getpid())
    held = bytearray(64 << 20)
    held[::4096] = b"x" * len(held[::4096])
    assert measure.memory_bytes(os.getpid()) - before > 60 << 20


def test_memory_of_nobody() -> None:
    assert measure.memory_bytes(2**22 + 1) == 0


def test_a_process_that_only_waits_to_be_buried_does_not_live() -> None:
    assert measure.lives(os.getpid())
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not measure.lives(pid)
    os.waitpid(pid, 0)
    assert not measure.lives(pid)


def test_the_machine_works_and_idles() -> None:
    busy, total = measure.machine_times()
    assert 0 < busy < total


@pytest.mark.parametrize(
    ("limit", "current", "expected"),
    [
        ("max", "1", (8 << 30, 2 << 30)),
        (str(1 << 30), str(256 << 20), (1 << 30, 768 << 20)),
        (str(1 << 30), str(2 << 30), (1 << 30, 0)),
        (str(16 << 30), "0", (8 << 30, 2 << 30)),
    ],
)
def test_memory_of_the_machine_or_of_its_control_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, current: str, expected: tuple[int, int]
) -> None:
    monkeypatch.setattr(measure, "PROC", tmp_path)
    monkeypatch.setattr(measure, "CGROUP", tmp_path)
    lines = {"MemTotal": 8 << 20, "MemFree": 1 << 20, "MemAvailable": 2 << 20}
    (tmp_path / "meminfo").write_text("".join(f"{name}: {kib} kB\n" for name, kib in lines.items()))
    (tmp_path / "memory.max").write_text(limit + "\n")
    (tmp_path / "memory.current").write_text(current + "\n")
    assert measure.machine_memory() == expected


def of_process(proc: Path, pid: int, children: str, pss: int) -> Path:
    """A process as /proc shows it; it holds `pss` kilobytes, and 30 pages of which it shares 10."""
    task = proc / str(pid) / "task" / str(pid)
    task.mkdir(parents=True)
    (task / "children").write_text(children)
    (proc / str(pid) / "statm").write_text("100 30 10 1 0 1 0\n")
    rollup = proc / str(pid) / "smaps_rollup"
    rollup.write_text(f"5500-7fff ---p 00000000 [rollup]\nRss:  9999 kB\nPss:  {pss} kB\nPss_Anon:  1 kB\n")
    return rollup


def test_what_processes_share_counts_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "PROC", tmp_path)
    of_process(tmp_path, 1, "2 3", pss=100)
    of_process(tmp_path, 2, "", pss=11)
    # The third is gone already.
    assert measure.held_memory(1) == (111 * 1024, "proportional")


def test_where_the_kernel_does_not_tell_what_is_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "PROC", tmp_path)
    of_process(tmp_path, 1, "2", pss=100)
    untold = of_process(tmp_path, 2, "", pss=11)
    untold.unlink()
    # As unreadable as another user's, also to root.
    untold.mkdir()
    assert measure.held_memory(1) == (2 * 20 * os.sysconf("SC_PAGE_SIZE"), "unshared")
