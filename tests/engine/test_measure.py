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
