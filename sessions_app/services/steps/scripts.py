"""The scripts that steps run in pages, each in a file beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script(name: str) -> str:
    return Path(__file__).with_name(f"{name}.js").read_text()
