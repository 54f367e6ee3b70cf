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
