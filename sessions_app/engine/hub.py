"""From one screencast to many viewers: the newest frame wins, credit bounds what is on its way; no I/O."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine.errors import TooManyViewers
from sessions_app.engine.messages import Size
from sessions_app.engine.tally import Spread, Tally
from sessions_app.engine.wire import Frame, Role, pack_frame

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_MIN = 2
WINDOW_MAX = 10
ROUND_TRIPS = 60
DISPLAY_RATE = 60
FRAME_INTERVAL = 1 / DISPLAY_RATE
# A viewer's text messages that wait for it; more means that it reads nothing.
MAX_TEXTS = 64
# Inputs that wait for a frame to show them.
MAX_INPUTS = 256


def window_size(round_trip: float, fps: float) -> int:
    """How many frames may be on their way to a viewer whose best round trip is `round_trip` seconds."""
    return max(WINDOW_MIN, min(WINDOW_MAX, math.ceil(round_trip * fps) + 1))


class Viewer:
    """One attached socket: its slot for the newest frame, its credit, its messages.

    `on_ready` is called when `take` has something; `on_credit` when a frame could be sent that could not before.
    """

    def __init__(
        self, viewer_id: str, *, role: Role, name: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.id = viewer_id
        self.role = role
        self.name = name
        self.operator = False
        self.link_id: str | None = None
        self.key_id: str | None = None
        self.user_id: str | None = None
        self.paused = False
        self.max_fps: int | None = None
        # As large as it shows the picture; None: as large as the picture is.
        self.fit: Size | None = None
        self.dropped = 0
        self.sent = 0
        self.bytes_sent = 0
        self.closed_with: int | None = None
        self.trips = Spread()
        self.on_ready: Callable[[], None] = lambda: None
        self.on_credit: Callable[[], None] = lambda: None
        self._clock = clock
        self._seq = 0
        self._slot: Frame | None = None
        self._in_flight: deque[tuple[int, float]] = deque()
        self._round_trips: deque[float] = deque(maxlen=ROUND_TRIPS)
        self._best_trip = 0.0
        self._texts: deque[bytes] = deque()
        self._inputs: deque[tuple[float, int]] = deque(maxlen=MAX_INPUTS)
        self._input_seq = 0
        self._next_send = 0.0

    def __repr__(self) -> str:
        return f"<Viewer {self.id} {self.role} in_flight={len(self._in_flight)}/{self.window} dropped={self.dropped}>"

    @property
    def window(self) -> int:
        return window_size(self._best_trip, self.max_fps or DISPLAY_RATE)

    @property
    def has_credit(self) -> bool:
        return self.wants_frames and len(self._in_flight) < self.window

    @property
    def wants_frames(self) -> bool:
        return not self.paused and self.closed_with is None

    def waits_for_ack(self) -> float | None:
        """Since when (clock) the oldest unacknowledged frame is out; None when none is."""
        return self._in_flight[0][1] if self._in_flight else None

    def offer(self, frame: Frame) -> None:
        """Put `frame` into the slot, over one that waits there."""
        if not self.wants_frames:
            return
        if self._slot is not None:
            self.dropped += 1
        self._slot = frame
        if self.has_credit:
            self.on_ready()

    def forget_frame(self) -> None:
        """What waits in the slot is out of date."""
        self._slot = None

    def say(self, message: dict[str, Any]) -> None:
        if self.closed_with is not None:
            return
        self._texts.append(orjson.dumps(message))
        if len(self._texts) > MAX_TEXTS:
            self._texts.popleft()
        self.on_ready()

    def take(self) -> tuple[list[bytes], bytes | None]:
        """What to send now: text messages in order, and the frame if there is credit for it."""
        texts = list(self._texts)
        self._texts.clear()
        return texts, self._take_frame()

    def due_in(self) -> float | None:
        """Seconds until a frame that waits only for `max_fps` may go; None when nothing waits for time."""
        if self._slot is None or not self.has_credit or not self.max_fps:
            return None
        return max(0.0, self._next_send - self._clock())

    def ack(self, seq: int) -> None:
        """Frames up to `seq` are drawn; their credit comes back."""
        had = self.has_credit
        now = self._clock()
        while self._in_flight and self._in_flight[0][0] <= seq:
            number, sent_at = self._in_flight.popleft()
            if number == seq:
                self._round_trips.append(now - sent_at)
                self.trips.add(now - sent_at)
                self._best_trip = min(self._round_trips)
        if not had and self.has_credit:
            if self._slot is not None:
                self.on_ready()
            self.on_credit()

    def accepted(self, input_seq: int, at: float) -> None:
        """Chromium took the input `input_seq` at unix time `at`."""
        self._inputs.append((at, input_seq))

    def close(self, code: int) -> None:
        if self.closed_with is None:
            self.closed_with = code
            self._slot = None
            self.on_ready()

    def _take_frame(self) -> bytes | None:
        frame = self._slot
        if frame is None or not self.has_credit:
            return None
        now = self._clock()
        if self.max_fps and now < self._next_send:
            return None
        self._slot = None
        self._seq += 1
        self._in_flight.append((self._seq, now))
        if self.max_fps:
            # Half a display interval of tolerance keeps "30 of 60" from falling to 20.
            self._next_send = now + 1 / self.max_fps - FRAME_INTERVAL / 2
        message = pack_frame(frame, seq=self._seq, input_seq=self._newest_input(frame))
        self.sent += 1
        self.bytes_sent += len(message)
        return message

    def _newest_input(self, frame: Frame) -> int:
        while self._inputs and self._inputs[0][0] <= frame.shows_until:
            self._input_seq = self._inputs.popleft()[1]
        return self._input_seq


class Hub:
    """The viewers of one session and the last frame; owns neither socket nor screencast.

    `on_demand` is called when frames may be wanted, unwanted or wanted in another size, `on_credit` when a held screencast ack may go.
    """

    def __init__(self, limit: int) -> None:
        self.viewers: dict[str, Viewer] = {}
        self.last_frame: Frame | None = None
        self.frames = 0
        self.on_demand: Callable[[], None] = lambda: None
        self.on_credit: Callable[[], None] = lambda: None
        self._limit = limit
        self._inputs = Spread()
        self._round_trips = Spread()
        self._joined = 0
        self._gone = Tally()

    def __repr__(self) -> str:
        return f"<Hub viewers={len(self.viewers)} frames={self.frames} dropped={self.dropped}>"

    @property
    def wants_frames(self) -> bool:
        return any(viewer.wants_frames for viewer in self.viewers.values())

    @property
    def fit(self) -> Size | None:
        """What is large enough for everybody who looks; None: the picture's own size."""
        sizes = [viewer.fit for viewer in self.viewers.values() if viewer.wants_frames]
        known = [size for size in sizes if size is not None]
        if not known or len(known) < len(sizes):
            return None
        return Size(max(size.width for size in known), max(size.height for size in known))

    @property
    def has_credit(self) -> bool:
        return any(viewer.has_credit for viewer in self.viewers.values())

    @property
    def dropped(self) -> int:
        return self._gone.dropped + sum(viewer.dropped for viewer in self.viewers.values())

    @property
    def bytes_sent(self) -> int:
        return self._gone.bytes_sent + sum(viewer.bytes_sent for viewer in self.viewers.values())

    @property
    def tally(self) -> Tally:
        """Of everybody who watched so far."""
        return Tally(
            frames=self.frames,
            frames_sent=self._gone.frames_sent + sum(viewer.sent for viewer in self.viewers.values()),
            bytes_sent=self.bytes_sent,
            dropped=self.dropped,
            viewers=self._joined,
            round_trips=self._round_trips,
            inputs=self._inputs,
        )

    def attach(self, viewer: Viewer) -> None:
        """Raises TooManyViewers."""
        if len(self.viewers) >= self._limit:
            raise TooManyViewers(self._limit)
        viewer.on_credit = self._credit
        viewer.trips = self._round_trips
        self._joined += 1
        self.viewers[viewer.id] = viewer
        if self.last_frame is not None:
            viewer.offer(self.last_frame)
        self.on_demand()

    def detach(self, viewer: Viewer) -> None:
        if self.viewers.pop(viewer.id, None) is None:
            return
        self._gone.frames_sent += viewer.sent
        self._gone.bytes_sent += viewer.bytes_sent
        self._gone.dropped += viewer.dropped
        self._credit()
        self.on_demand()

    def settle(self, viewer: Viewer, *, paused: bool, max_fps: int | None, fit: Size | None = None) -> None:
        """A viewer changed its settings."""
        resumed = viewer.paused and not paused
        viewer.paused = paused
        viewer.max_fps = max_fps
        viewer.fit = fit
        if resumed and self.last_frame is not None:
            viewer.offer(self.last_frame)
        self._credit()
        self.on_demand()

    def accepting(self, viewer: Viewer) -> Callable[[int, float], None]:
        """An input of `viewer` has come: what to call when Chromium has taken it."""
        arrived = time.monotonic()

        def accepted(seq: int, at: float) -> None:
            self._inputs.add(time.monotonic() - arrived)
            viewer.accepted(seq, at)

        return accepted

    def publish(self, frame: Frame) -> bool:
        """Give `frame` to every viewer; True when the next one may come at once."""
        self.last_frame = frame
        self.frames += 1
        ready = self.has_credit
        for viewer in self.viewers.values():
            viewer.offer(frame)
        return ready

    def forget_frame(self) -> None:
        """The last frame is no longer what the page shows, also where it waits to be sent."""
        self.last_frame = None
        for viewer in self.viewers.values():
            viewer.forget_frame()

    def say(self, message: dict[str, Any]) -> None:
        for viewer in tuple(self.viewers.values()):
            viewer.say(message)

    def _credit(self) -> None:
        if self.has_credit:
            self.on_credit()
