"""The scripts that run in pages, each in a file of its own beside the module that uses it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def scripts_beside(module: str) -> Callable[[str], str]:
    """By name, each read once, without the comment at its head: Playwright calls only what begins as a function."""
    folder = Path(module).parent

    @cache
    def script(name: str) -> str:
        return _COMMENT.sub("", (folder / f"{name}.js").read_text(), count=1)

    return script


script = scripts_beside(__file__)
