"""What sessions count: nothing is counted twice, and nothing is lost with who leaves."""

from __future__ import annotations

import pytest

from sessions_app.engine.hub import Hub, Viewer
from sessions_app.engine.tally import BOUNDS, Spread, Tally
from tests.engine.conftest import Clock, House, frame

CLICK = '{"type": "mouse", "action": "down", "x": 1, "y": 2, "button": "left", "buttons": 1, "seq": 7}'


def watch(hub: Hub, clock: Clock, name: str) -> Viewer:
    viewer = Viewer(name, role="view", name=name, clock=clock)
    hub.attach(viewer)
    return viewer


class TestSpread:
    @pytest.mark.parametrize(("seconds", "bucket"), [(0, 0), (0.001, 0), (0.0011, 1), (2.5, 10), (2.6, 11)])
    def test_it_counts_between_its_bounds(self, seconds: float, bucket: int) -> None:
        spread = Spread()
        spread.add(seconds)
        assert [index for index, count in enumerate(spread.counts) if count] == [bucket]
        assert (spread.count, spread.seconds) == (1, seconds)

    def test_two_are_added_up(self) -> None:
        one, other = Spread(), Spread()
        one.add(0.3)
        other.add(0.3)
        other.add(0.7)
        one.include(other)
        assert one.count == 3
        assert one.seconds == pytest.approx(1.3)
        assert len(one.counts) == len(BOUNDS) + 1
        assert repr(one) == "<Spread count=3 seconds=1.300>"


class TestOfAHub:
    def test_whoever_leaves_is_counted_on(self, clock: Clock) -> None:
        hub = Hub(limit=3)
        viewers = [watch(hub, clock, name) for name in ("v1", "v2")]
        for _ in range(2):
            hub.publish(frame(b"picture"))
            for viewer in viewers:
                viewer.take()
        hub.publish(frame())
        hub.publish(frame())
        clock.now += 0.02
        viewers[0].ack(2)
        before = hub.tally
        assert (before.frames, before.frames_sent, before.viewers, before.dropped) == (4, 4, 2, 2)
        assert before.bytes_sent == sum(viewer.bytes_sent for viewer in viewers) > 0
        assert before.round_trips.counts[BOUNDS.index(0.025)] == 1
        for viewer in viewers:
            hub.detach(viewer)
        assert hub.tally == before
        watch(hub, clock, "v3")
        assert hub.tally.viewers == 3

    def test_many_are_added_up(self) -> None:
        total = Tally(frames=1, frames_sent=2, bytes_sent=3, dropped=4, viewers=5)
        one = Tally(frames=10, frames_sent=20, bytes_sent=30, dropped=40, viewers=50)
        one.round_trips.add(0.1)
        one.inputs.add(0.2)
        total.include(one)
        assert (total.frames, total.frames_sent, total.bytes_sent) == (11, 22, 33)
        assert (total.dropped, total.viewers) == (44, 55)
        assert (total.round_trips.count, total.inputs.count) == (1, 1)


async def test_an_input_counts_once_the_browser_took_it(house: House) -> None:
    viewer = house.seat()
    house.audience.receive(viewer, CLICK)
    assert house.audience.hub.tally.inputs.count == 0
    pipe = house.stage.pipe
    pipe.answer(pipe.last("Input.dispatchMouseEvent"))
    assert house.audience.hub.tally.inputs.count == 1
