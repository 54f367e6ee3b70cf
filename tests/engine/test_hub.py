"""From one cast to many viewers: newest frame, credit, pauses, and which input a frame shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine.errors import TooManyViewers
from sessions_app.engine.hub import MAX_TEXTS, Hub, Viewer, window_size
from sessions_app.engine.messages import Size
from sessions_app.engine.wire import HEADER
from tests.engine.conftest import Clock, frame

if TYPE_CHECKING:
    from collections.abc import Callable


def fit_of(hub: Hub) -> Size | None:
    return hub.fit


class Watcher(Viewer):
    """A viewer whose readiness is counted, and whose frames can be read."""

    def __init__(self, viewer_id: str = "v1", clock: Clock | None = None) -> None:
        super().__init__(viewer_id, role="view", name="Ada", clock=clock or Clock())
        self.ready = 0
        self.on_ready = self._count

    def _count(self) -> None:
        self.ready += 1

    def picture(self) -> bytes | None:
        message = self.take()[1]
        return message and message[HEADER.size :]

    def header(self) -> tuple[int, int]:
        """`seq` and `input_seq` of the frame that goes now."""
        message = self.take()[1]
        assert message is not None
        _, _, _, seq, input_seq, *_ = HEADER.unpack_from(message)
        return seq, input_seq


@pytest.fixture
def hub() -> Hub:
    return Hub(limit=3)


@pytest.fixture
def watch(hub: Hub, clock: Clock) -> Callable[[str], Watcher]:
    def watch(viewer_id: str = "v1") -> Watcher:
        viewer = Watcher(viewer_id, clock)
        hub.attach(viewer)
        return viewer

    return watch


@pytest.mark.parametrize(
    ("round_trip", "fps", "window"),
    [(0, 60, 2), (0.016, 60, 2), (0.02, 60, 3), (0.1, 60, 7), (0.1, 10, 2), (1, 60, 10), (30, 60, 10)],
)
def test_the_window_follows_the_way_to_the_viewer(round_trip: float, fps: float, window: int) -> None:
    assert window_size(round_trip, fps) == window


class TestViewer:
    def test_the_newest_frame_wins(self) -> None:
        viewer = Watcher()
        for name in (b"1", b"2", b"3"):
            viewer.offer(frame(name))
        assert viewer.picture() == b"3"
        assert viewer.picture() is None
        assert viewer.dropped == 2

    def test_credit_bounds_what_is_on_its_way(self) -> None:
        viewer = Watcher()
        for name in (b"1", b"2", b"3"):
            viewer.offer(frame(name))
            assert viewer.picture() == (name if name < b"3" else None)
        assert not viewer.has_credit
        viewer.ack(1)
        assert viewer.picture() == b"3"

    def test_it_is_called_when_there_is_something_to_send(self) -> None:
        viewer = Watcher()
        for _ in range(2):
            viewer.offer(frame())
            viewer.take()
        assert viewer.ready == 2
        viewer.offer(frame())
        assert viewer.ready == 2
        viewer.ack(2)
        assert viewer.ready == 3

    def test_an_ack_with_nothing_waiting_wakes_nobody(self) -> None:
        viewer = Watcher()
        for _ in range(2):
            viewer.offer(frame())
            viewer.take()
        viewer.ack(1)
        assert viewer.ready == 2

    def test_acks_are_cumulative(self) -> None:
        viewer = Watcher()
        for _ in range(2):
            viewer.offer(frame())
            viewer.take()
        viewer.ack(2)
        assert viewer.waits_for_ack() is None
        assert viewer.has_credit

    def test_an_ack_of_what_was_never_sent_frees_no_more_than_there_is(self) -> None:
        viewer = Watcher()
        viewer.ack(2**32 - 1)
        viewer.offer(frame())
        viewer.take()
        assert viewer.waits_for_ack() is not None
        assert viewer.window == 2

    def test_the_best_round_trip_makes_the_window(self, clock: Clock) -> None:
        viewer = Watcher(clock=clock)
        for seconds, window in ((0.1, 7), (0.02, 3), (0.1, 3)):
            viewer.offer(frame())
            viewer.take()
            clock.now += seconds
            viewer.ack(viewer.sent)
            assert viewer.window == window

    def test_it_knows_since_when_it_waits(self, clock: Clock) -> None:
        viewer = Watcher(clock=clock)
        assert viewer.waits_for_ack() is None
        viewer.offer(frame())
        viewer.take()
        clock.now += 7
        viewer.offer(frame())
        viewer.take()
        assert viewer.waits_for_ack() == clock.now - 7
        viewer.ack(1)
        assert viewer.waits_for_ack() == clock.now

    def test_max_fps_spaces_frames(self, clock: Clock) -> None:
        """Also when they do not come quite evenly: 30 of 60 a second are every other one."""
        viewer = Watcher(clock=clock)
        viewer.max_fps = 30
        for tick in range(60):
            viewer.offer(frame())
            viewer.take()
            viewer.ack(viewer.sent)
            clock.now += (0.015, 0.018)[tick % 2]
        assert viewer.sent == 30

    def test_a_frame_that_waits_for_time_says_how_long(self, clock: Clock) -> None:
        viewer = Watcher(clock=clock)
        viewer.offer(frame())
        assert viewer.due_in() is None
        viewer.max_fps = 10
        assert viewer.due_in() == 0
        viewer.take()
        assert viewer.due_in() is None
        viewer.offer(frame(b"2"))
        assert viewer.picture() is None
        due = viewer.due_in()
        assert due is not None
        assert 0.05 < due <= 0.1
        clock.now += due + 0.001
        assert viewer.due_in() == 0
        assert viewer.picture() == b"2"

    def test_texts_keep_their_order_and_their_bound(self) -> None:
        viewer = Watcher()
        for number in range(MAX_TEXTS + 3):
            viewer.say({"n": number})
        texts, _ = viewer.take()
        assert [json.loads(text)["n"] for text in texts] == list(range(3, MAX_TEXTS + 3))
        assert viewer.take() == ([], None)

    def test_a_closed_viewer_gets_what_was_said_before_and_nothing_after(self) -> None:
        viewer = Watcher()
        viewer.offer(frame())
        viewer.say({"n": 1})
        ready = viewer.ready
        viewer.close(4410)
        viewer.close(4408)
        assert viewer.ready == ready + 1
        viewer.say({"n": 2})
        viewer.offer(frame())
        assert viewer.take() == ([b'{"n":1}'], None)
        assert viewer.closed_with == 4410
        assert not viewer.wants_frames
        assert not viewer.has_credit

    def test_a_frame_names_the_newest_input_that_it_shows(self) -> None:
        viewer = Watcher()
        viewer.accepted(7, at=10.0)
        viewer.accepted(8, at=20.0)
        viewer.accepted(9, at=30.0)
        seen = []
        for until in (5, 10, 25, 24, 31):
            viewer.offer(frame(shows_until=until))
            seen.append(viewer.header())
            viewer.ack(viewer.sent)
        assert seen == [(1, 0), (2, 7), (3, 8), (4, 8), (5, 9)]

    def test_it_counts_what_it_sent(self) -> None:
        viewer = Watcher()
        viewer.offer(frame(b"12345"))
        viewer.take()
        assert (viewer.sent, viewer.bytes_sent) == (1, HEADER.size + 5)

    def test_repr(self) -> None:
        viewer = Watcher()
        for _ in range(4):
            viewer.offer(frame())
        viewer.take()
        assert repr(viewer) == "<Viewer v1 view in_flight=1/2 dropped=3>"


class TestHub:
    def test_every_viewer_gets_the_frame(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        one, two = watch("v1"), watch("v2")
        assert hub.publish(frame(b"1"))
        assert (one.picture(), two.picture()) == (b"1", b"1")
        assert hub.frames == 1

    def test_a_late_comer_gets_the_last_frame(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        hub.publish(frame(b"1"))
        hub.publish(frame(b"2"))
        assert watch("v1").picture() == b"2"

    def test_a_forgotten_frame_reaches_nobody(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        there = watch("v1")
        hub.publish(frame(b"of the tab before"))
        hub.forget_frame()
        assert there.picture() is None
        assert watch("v2").picture() is None
        assert there.dropped == 0

    def test_it_has_room_for_so_many(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        viewers = [watch(name) for name in ("v1", "v2", "v3")]
        with pytest.raises(TooManyViewers, match="3 viewers"):
            hub.attach(Watcher("v4"))
        assert list(hub.viewers) == ["v1", "v2", "v3"]
        hub.detach(viewers[0])
        hub.attach(Watcher("v4"))

    def test_the_next_frame_may_come_while_one_viewer_has_credit(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        slow, fast = watch("v1"), watch("v2")
        for _ in range(10):
            assert hub.publish(frame())
            slow.take()
            fast.take()
            fast.ack(fast.sent)
        assert (slow.sent, fast.sent) == (2, 10)
        assert slow.dropped == 7

    def test_with_no_credit_the_next_frame_waits_for_an_ack(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        credits: list[str] = []
        hub.on_credit = lambda: credits.append("credit")
        viewer = watch("v1")
        for _ in range(2):
            hub.publish(frame())
            viewer.take()
        assert not hub.publish(frame(b"3"))
        assert credits == []
        viewer.ack(1)
        assert credits == ["credit"]
        assert viewer.picture() == b"3"

    def test_a_closed_viewer_holds_nobody_up_and_drives_nothing(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        viewer = watch("v1")
        viewer.close(4403)
        assert not hub.wants_frames
        assert not hub.publish(frame())

    def test_a_viewer_that_leaves_hands_its_credit_on(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        credits: list[str] = []
        leaving, staying = watch("v1"), watch("v2")
        hub.on_credit = lambda: credits.append("credit")
        hub.detach(leaving)
        hub.detach(leaving)
        assert credits == ["credit"]
        hub.detach(staying)
        assert credits == ["credit"]

    def test_demand_is_told_at_every_change(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        demand: list[bool] = []
        hub.on_demand = lambda: demand.append(hub.wants_frames)
        viewer = watch("v1")
        hub.settle(viewer, paused=True, max_fps=None)
        hub.settle(viewer, paused=False, max_fps=None)
        hub.detach(viewer)
        assert demand == [True, False, True, False]

    def test_a_paused_viewer_gets_no_frames_and_the_last_one_when_it_resumes(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        viewer = watch("v1")
        hub.settle(viewer, paused=True, max_fps=None)
        hub.publish(frame(b"1"))
        hub.publish(frame(b"2"))
        assert viewer.picture() is None
        assert viewer.dropped == 0
        hub.settle(viewer, paused=False, max_fps=None)
        assert viewer.picture() == b"2"

    def test_settings_without_a_resume_send_nothing(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        viewer = watch("v1")
        hub.publish(frame())
        viewer.take()
        hub.settle(viewer, paused=False, max_fps=30)
        assert viewer.max_fps == 30
        assert viewer.picture() is None

    def test_the_picture_fits_whoever_shows_it_largest(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        small, tall = watch("v1"), watch("v2")
        assert fit_of(hub) is None
        hub.settle(small, paused=False, max_fps=None, fit=Size(640, 360))
        assert fit_of(hub) is None
        hub.settle(tall, paused=False, max_fps=None, fit=Size(500, 700))
        assert fit_of(hub) == (640, 700)
        hub.settle(tall, paused=True, max_fps=None, fit=Size(500, 700))
        assert fit_of(hub) == (640, 360)
        watch("v3")
        assert fit_of(hub) is None

    def test_what_was_counted_stays_when_a_viewer_goes(
        self, hub: Hub, watch: Callable[[str], Watcher]
    ) -> None:
        viewer = watch("v1")
        hub.publish(frame(b"1"))
        hub.publish(frame(b"2"))
        viewer.take()
        assert (hub.dropped, hub.bytes_sent) == (1, HEADER.size + 1)
        hub.detach(viewer)
        assert (hub.dropped, hub.bytes_sent) == (1, HEADER.size + 1)

    def test_everybody_hears_a_message(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        viewers = [watch("v1"), watch("v2")]
        hub.say({"type": "stats"})
        assert [viewer.take()[0] for viewer in viewers] == [[b'{"type":"stats"}']] * 2

    def test_repr(self, hub: Hub, watch: Callable[[str], Watcher]) -> None:
        watch("v1")
        hub.publish(frame())
        hub.publish(frame())
        assert repr(hub) == "<Hub viewers=1 frames=2 dropped=1>"
