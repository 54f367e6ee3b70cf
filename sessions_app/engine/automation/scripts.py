"""The scripts that calls run in pages, each in a file of its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@cache
def script(name: str) -> str:
    """Without the comment at its head: Playwright calls only what begins as a function."""
    return _COMMENT.sub("", Path(__file__).with_name(f"{name}.js").read_text(), count=1)
