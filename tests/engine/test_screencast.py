"""One tab's cast: when it runs, when its frames are acknowledged, what a frame shows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from pybase64 import b64encode

from sessions_app.engine import screencast
from sessions_app.engine.messages import Size
from sessions_app.engine.screencast import FRAME_INTERVAL, STILL_SLACK, Screencast, shows_until
from sessions_app.engine.thumbnail import shrink
from tests.colours import alike, colour_of
from tests.engine.conftest import FakePipe
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions_app.engine.wire import Frame

START, STOP, ACK = "Page.startScreencast", "Page.stopScreencast", "Page.screencastFrameAck"
REFUSED = {"code": -32000, "message": "Not attached to an active page"}


def jpeg(size: tuple[int, int] = (64, 48), colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


PICTURE = jpeg()


class Studio:
    """A cast, the frames that it published, and whether there is credit for the next."""

    def __init__(self) -> None:
        self.pipe = FakePipe()
        self.frames: list[Frame] = []
        self.has_credit = True
        self.cast = Screencast(
            3,
            lambda method, params=None, reply=None: self.pipe.connection.post(method, params, None, reply),
            self._publish,
        )

    def _publish(self, frame: Frame) -> bool:
        self.frames.append(frame)
        return self.has_credit

    def show(self, number: int, at: float | None = 1000.0) -> None:
        metadata: dict[str, Any] = {} if at is None else {"timestamp": at}
        self.cast.on_frame({"sessionId": number, "data": b64encode(PICTURE).decode(), "metadata": metadata})

    @property
    def acks(self) -> list[int]:
        return [command["params"]["sessionId"] for command in self.pipe.commands(ACK)]

    @property
    def methods(self) -> list[str]:
        return [command["method"] for command in self.pipe.sent]


@pytest.fixture
async def studio() -> Iterator[Studio]:  # type: ignore[misc]
    studio = Studio()
    yield studio
    studio.cast.stop()


async def test_a_frame_is_published_as_it_came(studio: Studio) -> None:
    studio.cast.start()
    studio.show(1, at=1234.5)
    frame = studio.frames[0]
    assert (frame.picture, frame.captured_at, frame.width, frame.height, frame.tab) == (
        PICTURE,
        1234.5,
        64,
        48,
        3,
    )
    assert frame.shows_until == 1234.5 + STILL_SLACK


async def test_a_frame_without_a_time_is_of_now(studio: Studio) -> None:
    studio.cast.start()
    studio.show(1, at=None)
    assert studio.frames[0].captured_at > 1.7e9


async def test_with_credit_a_frame_is_acknowledged_at_once(studio: Studio) -> None:
    studio.cast.start()
    studio.show(1)
    studio.show(2)
    assert studio.acks == [1, 2]


async def test_without_credit_acks_are_held_until_there_is(studio: Studio) -> None:
    studio.cast.start()
    studio.has_credit = False
    studio.show(1)
    studio.show(2)
    assert studio.acks == []
    assert repr(studio.cast) == "<Screencast tab=3 on held=2>"
    studio.cast.credit()
    studio.cast.credit()
    assert studio.acks == [1, 2]


async def test_it_starts_and_stops_once(studio: Studio) -> None:
    studio.cast.start()
    studio.cast.start()
    studio.cast.stop()
    studio.cast.stop()
    assert studio.methods == [START, STOP]
    studio.cast.start()
    assert studio.methods == [START, STOP, START]


async def test_pictures_are_no_larger_than_anybody_shows_them(studio: Studio) -> None:
    studio.cast.start(Size(1092, 614))
    studio.cast.start(Size(1092, 614))
    studio.cast.start(None)
    assert studio.methods == [START, STOP, START]
    asked = [command["params"]["maxWidth"] for command in studio.pipe.commands(START)]
    assert asked == [1092, screencast.SIDE_MAX]


async def test_another_size_leaves_no_frame_unacknowledged(studio: Studio) -> None:
    studio.cast.start()
    studio.has_credit = False
    studio.show(1)
    studio.cast.start(Size(640, 360))
    studio.cast.credit()
    assert studio.acks == []
    studio.show(2)
    studio.cast.credit()
    assert studio.acks == [2]


async def test_a_stopped_cast_publishes_and_acknowledges_nothing(studio: Studio) -> None:
    studio.cast.start()
    studio.has_credit = False
    studio.show(1)
    studio.cast.stop()
    studio.show(2)
    studio.cast.credit()
    assert len(studio.frames) == 1
    assert studio.acks == []
    assert repr(studio.cast) == "<Screencast tab=3 off held=0>"


async def test_a_refused_start_is_tried_again(studio: Studio) -> None:
    studio.cast.start()
    studio.pipe.answer(studio.pipe.sent[0], error=REFUSED)
    await until(lambda: len(studio.methods) == 2)
    studio.pipe.answer(studio.pipe.sent[1])
    studio.cast.stop()
    assert studio.methods == [START, START, STOP]


async def test_a_refused_start_that_nobody_wants_any_more_is_not(studio: Studio) -> None:
    studio.cast.start()
    studio.cast.stop()
    studio.pipe.answer(studio.pipe.sent[0], error=REFUSED)
    assert studio.cast._retry is None
    assert studio.methods == [START, STOP]


async def test_a_stop_ends_the_trying(studio: Studio) -> None:
    studio.cast.start()
    studio.pipe.answer(studio.pipe.sent[0], error=REFUSED)
    studio.cast.stop()
    assert studio.cast._retry is None
    assert studio.methods == [START]


async def test_a_cast_that_runs_already_is_as_good(studio: Studio) -> None:
    studio.cast.start()
    studio.pipe.answer(studio.pipe.sent[0], error={"code": -32000, "message": "Screencast is already active"})
    assert studio.cast._retry is None
    studio.cast.stop()
    assert studio.methods == [START, STOP]


async def test_the_end_of_the_browser_is_no_reason_to_try_again(studio: Studio) -> None:
    studio.cast.start()
    studio.pipe.connection.close()
    assert studio.cast._retry is None


async def test_a_frame_that_was_overtaken_is_passed_over(studio: Studio) -> None:
    studio.cast.start()
    for number, at in ((1, 100.0), (2, 100.034), (3, 100.017), (4, 100.05)):
        studio.show(number, at=at)
    assert [frame.captured_at for frame in studio.frames] == [100.0, 100.034, 100.05]
    assert studio.acks == [1, 2, 3, 4]


async def test_the_ack_of_one_is_held_with_the_others(studio: Studio) -> None:
    studio.cast.start()
    studio.has_credit = False
    studio.show(1, at=100.034)
    studio.show(2, at=100.017)
    assert studio.acks == []
    studio.cast.credit()
    assert studio.acks == [1, 2]


async def test_a_clock_that_is_set_back_stops_nothing(studio: Studio) -> None:
    studio.cast.start()
    studio.show(1, at=10_000.0)
    studio.show(2, at=6_400.0)
    assert len(studio.frames) == 2


class TestALostFrame:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(screencast, "FRAME_LIMIT", 0.02)

    async def test_a_start_that_brings_none_is_repeated_with_more_patience(self) -> None:
        studio = Studio()
        studio.cast.start()
        await until(lambda: studio.methods == [START, STOP, START, STOP, START])
        assert studio.cast._patience == 0.08
        studio.show(1)
        assert studio.cast._overdue is None
        assert studio.cast._patience == 0.02
        studio.cast.stop()

    async def test_a_page_that_brings_none_starts_it_again(self, studio: Studio) -> None:
        studio.cast.start()
        studio.show(1)
        studio.cast.expect_frame()
        await until(lambda: studio.methods == [START, ACK, STOP, START])

    async def test_one_that_we_keep_back_is_not_lost(self, studio: Studio) -> None:
        studio.cast.start()
        studio.has_credit = False
        studio.show(1)
        studio.cast.expect_frame()
        await until(lambda: studio.cast._overdue is None)
        assert studio.methods == [START]

    async def test_a_cast_that_nobody_wants_expects_none(self, studio: Studio) -> None:
        studio.cast.expect_frame()
        assert studio.cast._overdue is None
        studio.cast.start()
        studio.cast.stop()
        assert studio.cast._overdue is None


def test_after_stillness_a_frame_shows_what_came_up_to_it() -> None:
    assert shows_until(100.0, previous=99.0) == 100.0 + STILL_SLACK


def test_while_the_page_moves_a_frames_content_is_an_interval_older() -> None:
    assert shows_until(100.0, previous=100.0 - 1 / 60) == 100.0 - FRAME_INTERVAL


async def test_frames_follow_one_another(studio: Studio) -> None:
    studio.cast.start()
    studio.show(1, at=100.0)
    studio.show(2, at=100.0 + 1 / 60)
    studio.show(3, at=101.0)
    assert [round(frame.shows_until - frame.captured_at, 4) for frame in studio.frames] == [
        STILL_SLACK,
        round(-FRAME_INTERVAL, 4),
        STILL_SLACK,
    ]


class TestShrink:
    @pytest.mark.parametrize(
        ("size", "width", "small"),
        [
            ((1280, 720), 320, (320, 180)),
            ((1280, 720), 100, (100, 56)),
            ((200, 100), 320, (200, 100)),
            ((100, 4000), 320, (32, 1280)),
        ],
    )
    def test_it_keeps_the_proportions_and_the_colour(
        self, size: tuple[int, int], width: int, small: tuple[int, int]
    ) -> None:
        with Image.open(io.BytesIO(shrink(jpeg(size, "blue"), width))) as image:
            assert image.format == "JPEG"
            assert image.size == small
            assert alike(colour_of(image), (0, 0, 255))

    def test_a_grey_picture_works_too(self) -> None:
        out = io.BytesIO()
        Image.new("L", (640, 480), 128).save(out, "JPEG")
        with Image.open(io.BytesIO(shrink(out.getvalue(), 320))) as image:
            assert (image.size, image.mode) == ((320, 240), "RGB")
