"""Commands beside no server's data."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "command",
    [("apikey", "create", "x"), ("apikey", "list"), ("project", "list"), ("cleanup",)],
    ids=" ".join,
)
def test_it_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    environment = {**os.environ, "QUARTERDECK_DATA": str(tmp_path), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"There is no database of a server in {tmp_path}" in done.stderr
    assert "Traceback" not in done.stderr
