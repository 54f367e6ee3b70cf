"""Gives a controller's input to one tab: never waits, merges moves, carries drags, notices a page that hangs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from sessions_app.engine.input import Held, PageInput, to_cdp
from sessions_app.engine.messages import Key, Mouse, Wheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message

HUNG_AFTER = 4.0
# Unanswered inputs of a page that hangs: beyond the first bound moves and wheel turns are dropped, beyond the second all.
MANY_PENDING = 100
TOO_MANY_PENDING = 1_000


class Steering:
    """Input of one tab.

    `on_taken` is told what Chromium has taken; `on_hung(True)` comes when the page answers nothing for a while,
    `on_hung(False)` when it does again.
    """

    def __init__(
        self,
        post: Callable[..., None],
        on_hung: Callable[[bool], None],
        on_taken: Callable[[PageInput], None] = lambda _: None,
    ) -> None:
        self.held = Held()
        self._on_taken = on_taken
        self._post = post
        self._on_hung = on_hung
        self._pending: dict[int, float] = {}
        self._last = 0
        self._move_out = False
        self._next_move: tuple[Mouse, Callable[[int, float], None]] | None = None
        self._drag: dict[str, Any] | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._hung = False

    def __repr__(self) -> str:
        return f"<Steering pending={len(self._pending)} {self.held!r}>"

    def send(self, event: PageInput, accepted: Callable[[int, float], None]) -> None:
        """Pass `event` on; `accepted(seq, unix time)` is called when Chromium has taken it."""
        if self._is_too_much(event):
            return
        if isinstance(event, Mouse) and event.action == "move":
            if self._move_out:
                self._next_move = (event, accepted)
            else:
                self._dispatch(event, accepted)
            return
        self._flush_move()
        self._dispatch(event, accepted)

    def let_go(self) -> None:
        """Release every held key and button; a drag is cancelled, not dropped."""
        self._next_move = None
        if self._drag is not None:
            self._cancel_drag()
        if self.held.pressed("left"):
            self._post("Input.setInterceptDrags", {"enabled": False})
        for event in self.held.release():
            method, params = to_cdp(event)
            self._post(method, params)

    def on_drag_intercepted(self, params: dict[str, Any]) -> None:
        """Chromium began an HTML drag and leaves it to us (Input.dragIntercepted)."""
        if pressed := self.held.pressed("left"):
            self._drag = params["data"]
            # Without it the page under the pointer hears of neither "over" nor "drop".
            self._post("Input.dispatchDragEvent", self._drag_params("dragEnter", pressed.x, pressed.y, 0))

    def close(self) -> None:
        """The page is gone: nothing is waited for. Another one may take its place, after a crash."""
        if self._watch:
            self._watch.cancel()
            self._watch = None
        self._pending.clear()
        self._move_out = self._hung = False
        self._next_move = self._drag = None

    def _is_too_much(self, event: PageInput) -> bool:
        merely = isinstance(event, Wheel) or (isinstance(event, Mouse) and event.action == "move")
        return len(self._pending) >= (MANY_PENDING if merely else TOO_MANY_PENDING)

    def _flush_move(self) -> None:
        if self._next_move is not None:
            waiting, self._next_move = self._next_move, None
            self._dispatch(*waiting)

    def _dispatch(self, event: PageInput, accepted: Callable[[int, float], None]) -> None:
        is_move = isinstance(event, Mouse) and event.action == "move"
        if isinstance(event, Mouse) and event.action == "down" and event.button == "left":
            self._post("Input.setInterceptDrags", {"enabled": True})
        self.held.note(event)
        method, params = self._drag_command(event) or to_cdp(event)
        self._last += 1
        number = self._last
        self._pending[number] = time.monotonic()
        self._move_out = self._move_out or is_move

        def answered(reply: Message | None) -> None:
            if self._pending.pop(number, None) is None or reply is None:
                return
            self._alive()
            if "error" not in reply and event.seq:
                accepted(event.seq, time.time())
            self._on_taken(event)
            if is_move:
                self._move_out = False
                self._flush_move()

        self._post(method, params, answered)
        if isinstance(event, Mouse) and event.action == "up" and event.button == "left":
            self._post("Input.setInterceptDrags", {"enabled": False})
        self._guard()

    def _drag_command(self, event: PageInput) -> tuple[str, dict[str, Any]] | None:
        if self._drag is None:
            return None
        if isinstance(event, Mouse) and event.action == "move":
            return "Input.dispatchDragEvent", self._drag_params("dragOver", event.x, event.y, event.modifiers)
        if isinstance(event, Mouse) and event.action == "up" and event.button == "left":
            params = self._drag_params("drop", event.x, event.y, event.modifiers)
            self._drag = None
            return "Input.dispatchDragEvent", params
        if isinstance(event, Key) and event.key == "Escape":
            self._cancel_drag()
        return None

    def _drag_params(self, kind: str, x: float, y: float, modifiers: int) -> dict[str, Any]:
        return {"type": kind, "x": x, "y": y, "data": self._drag, "modifiers": modifiers}

    def _cancel_drag(self) -> None:
        self._post("Input.dispatchDragEvent", self._drag_params("dragCancel", 0, 0, 0))
        self._drag = None

    def _guard(self) -> None:
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(HUNG_AFTER, self._look)

    def _look(self) -> None:
        self._watch = None
        if not self._pending:
            return
        waited = time.monotonic() - next(iter(self._pending.values()))
        if waited >= HUNG_AFTER and not self._hung:
            self._hung = True
            self._on_hung(True)
        if not self._hung:
            self._watch = asyncio.get_running_loop().call_later(HUNG_AFTER - waited, self._look)

    def _alive(self) -> None:
        if self._hung:
            self._hung = False
            self._on_hung(False)
