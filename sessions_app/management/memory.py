"""Keeping the server's memory small."""

from __future__ import annotations

import ctypes
import gc

_M_ARENA_MAX = -8
# Each thread that allocates may else get a heap of its own.
ARENAS = 2


def limit_heaps() -> None:
    """mallopt(3); a C library without it has no such heaps."""
    _call("mallopt", _M_ARENA_MAX, ARENAS)


def settle() -> None:
    """What is loaded now stays: a full collection need not walk it, and what loading it left behind goes back."""
    gc.collect()
    gc.freeze()
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None)
    if function:
        function(*arguments)
