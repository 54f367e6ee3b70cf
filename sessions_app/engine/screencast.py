"""Chromium's screencast of one tab: started and stopped on demand, paced by acknowledgements."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from pybase64 import b64decode

from sessions_app.engine.wire import Frame, jpeg_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message
    from sessions_app.engine.messages import Size

QUALITY = 60
SIDE_MAX = 4096 * 4
# Chromium refuses a cast while a navigation swaps the page ("Not attached to an active page").
RETRY_AFTER = 0.01
RETRY_AFTER_MAX = 1.0
# A start, a new page and another size bring a frame at once. On a busy machine Chromium loses one in fifty of them, most
# where they fall together, and a still page would bring no other; another start brings it.
FRAME_LIMIT = 0.3
FRAME_LIMIT_MAX = 8.0
FRAME_INTERVAL = 1 / 60
# At most; a frame that is older by more comes after the clock was set back.
OVERTAKEN_BY = 1.0
ANIMATES_BELOW = 0.025
STILL_SLACK = 0.004

# maxFramesInFlight and sendLastFrame: without them a delayed ack leaves the viewer on a stale last frame.
PARAMS = {
    "format": "jpeg",
    "quality": QUALITY,
    "maxWidth": SIDE_MAX,
    "maxHeight": SIDE_MAX,
    "everyNthFrame": 1,
    "maxFramesInFlight": 2,
    "sendLastFrame": True,
}


def shows_until(captured_at: float, previous: float) -> float:
    """Until when (unix seconds) an accepted input is in the picture.

    A frame's time is its planned display, one interval after its content was fixed; while the page animates that
    interval is taken off. The first frame after stillness is there because of the input, a touch of slack included.
    """
    if captured_at - previous < ANIMATES_BELOW:
        return captured_at - FRAME_INTERVAL
    return captured_at + STILL_SLACK


class Screencast:
    """One tab's cast. `publish` takes a frame and says whether the next may come at once; else `credit` is awaited."""

    def __init__(
        self,
        tab: int,
        post: Callable[..., None],
        publish: Callable[[Frame], bool],
        params: dict[str, Any] | None = None,
    ) -> None:
        self.wanted = False
        self._tab = tab
        self._post = post
        self._publish = publish
        self._params = {**PARAMS, **(params or {})}
        self._size: Size | None = None
        self._active = False
        self._held: list[int] = []
        self._previous = 0.0
        self._retry: asyncio.TimerHandle | None = None
        self._retry_after = RETRY_AFTER
        self._overdue: asyncio.TimerHandle | None = None
        self._patience = FRAME_LIMIT

    def __repr__(self) -> str:
        return f"<Screencast tab={self._tab} {'on' if self.wanted else 'off'} held={len(self._held)}>"

    def start(self, size: Size | None = None) -> None:
        """Start, or go on with pictures of at most `size`; None: the page's own."""
        if self.wanted and size == self._size:
            return
        self._size = size
        if not self.wanted:
            self.wanted = True
            self._request()
        elif self._active:
            self._held.clear()
            self._begin_again()

    def stop(self) -> None:
        """Stop; idempotent, and safe when the tab is gone."""
        if self._retry:
            self._retry.cancel()
            self._retry = None
        self._frame_came()
        if self.wanted:
            self.wanted = False
            self._held.clear()
            if self._active:
                self._active = False
                self._post("Page.stopScreencast")

    def expect_frame(self) -> None:
        """There is something new to see; when no frame comes the cast is started again."""
        if self.wanted and self._overdue is None:
            self._overdue = asyncio.get_running_loop().call_later(self._patience, self._start_again)

    def credit(self) -> None:
        """Somebody can take another frame: let go of the held acknowledgements."""
        held, self._held = self._held, []
        for number in held:
            self._ack(number)

    def on_frame(self, params: dict[str, Any]) -> None:
        number: int = params["sessionId"]
        if not self.wanted:
            return
        self._frame_came()
        if self._take(params):
            self._ack(number)
        else:
            self._held.append(number)

    def _take(self, params: dict[str, Any]) -> bool:
        captured_at = params["metadata"].get("timestamp") or time.time()
        # Two frames are encoded at once, and the newer may be ready first: the older must not come after it.
        if 0 < self._previous - captured_at < OVERTAKEN_BY:
            return not self._held
        return self._publish(self._frame(params["data"], captured_at))

    def _frame(self, data: memoryview, captured_at: float) -> Frame:
        picture = b64decode(data, validate=True)
        previous, self._previous = self._previous, captured_at
        width, height = jpeg_size(picture)
        return Frame(
            picture, captured_at, width, height, self._tab, shows_until=shows_until(captured_at, previous)
        )

    def _ack(self, number: int) -> None:
        self._post("Page.screencastFrameAck", {"sessionId": number})

    def _request(self) -> None:
        self._retry = None
        self._active = True
        limits = {"maxWidth": self._size.width, "maxHeight": self._size.height} if self._size else {}
        self._post("Page.startScreencast", self._params | limits, self._requested)
        self.expect_frame()

    def _frame_came(self) -> None:
        self._patience = FRAME_LIMIT
        if self._overdue:
            self._overdue.cancel()
            self._overdue = None

    def _start_again(self) -> None:
        self._overdue = None
        # While acks are held it is us who keep frames back; a refused start is tried again anyway.
        if self._active and not self._held:
            self._patience = min(self._patience * 2, FRAME_LIMIT_MAX)
            self._begin_again()

    def _begin_again(self) -> None:
        self._post("Page.stopScreencast")
        self._request()

    def _requested(self, reply: Message | None) -> None:
        if reply is None or "error" not in reply or "already active" in reply["error"].get("message", ""):
            self._retry_after = RETRY_AFTER
            return
        self._active = False
        if self.wanted:
            self._retry = asyncio.get_running_loop().call_later(self._retry_after, self._request)
            self._retry_after = min(self._retry_after * 2, RETRY_AFTER_MAX)
