"""The slot that holds this process's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessions_app.engine.engine import Engine

_slot: list[Engine] = []


def install(engine: Engine) -> None:
    if _slot:
        raise RuntimeError("This process has an engine already.")
    _slot.append(engine)


def uninstall() -> None:
    _slot.clear()


def engine() -> Engine:
    if not _slot:
        raise RuntimeError("No engine runs in this process; start the server with `manage.py serve`.")
    return _slot[0]
