"""The driver's line to a browser: how much of what a page says may wait on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from sessions_app.engine.automation import bridge
from sessions_app.engine.automation.bridge import Bridge

if TYPE_CHECKING:
    from pathlib import Path


class Driver:
    """The other end, which may read or not."""

    def __init__(self) -> None:
        self.unread = 0
        self.is_cut_off = False

    def get_write_buffer_size(self) -> int:
        return self.unread

    def abort(self) -> None:
        self.is_cut_off = True


@pytest.mark.parametrize(("more", "is_cut_off"), [(0, False), (1, True)])
def test_a_driver_that_is_far_behind_is_cut_off(tmp_path: Path, more: int, is_cut_off: bool) -> None:
    driver: Any = Driver()
    line = bridge.Line(Bridge(tmp_path, SimpleNamespace()))  # type: ignore[arg-type]
    line.connection_made(driver)
    driver.unread = bridge.WAITING_MAX + more
    line._send(b"{}")
    assert driver.is_cut_off is is_cut_off


async def test_nobody_else_may_speak_to_it(tmp_path: Path) -> None:
    opened = Bridge(tmp_path, SimpleNamespace())  # type: ignore[arg-type]
    await opened.open()
    assert (tmp_path / bridge.NAME).stat().st_mode & 0o777 == 0o600
    await opened.aclose()
    assert "closed" in repr(opened)
