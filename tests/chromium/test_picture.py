"""What viewers see of a real page: its colour, soon, and no frames that nobody wants."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from sessions_app.engine.config import Viewport
from sessions_app.engine.session import LiveSession
from sessions_app.engine.wire import HEADER
from tests.chromium.conftest import Launch, Watcher, evaluate, until_it_says
from tests.colours import BLUE, LIME, RED, WHITE, alike, colour_of, colour_of_jpeg
from tests.waiting import until


async def test_the_pages_colour_arrives(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    assert watcher.size == (1280, 720)
    assert watcher.tab == session.active_tab.id


@pytest.mark.parametrize("image", ["browser_latest", "chromium"])
@pytest.mark.parametrize(
    ("viewport", "size"),
    [
        (Viewport(width=800, height=600), (800, 600)),
        (Viewport(width=800, height=600, device_scale_factor=2), (1600, 1200)),
        (Viewport(width=390, height=844, device_scale_factor=2, mobile=True), (780, 1688)),
    ],
)
async def test_the_viewport_is_the_one_that_was_asked_for(
    launch: Launch, image: str, viewport: Viewport, size: tuple[int, int]
) -> None:
    session = await launch("/blue", image_id=image, viewport=viewport)
    watcher = Watcher(session)
    await until(lambda: watcher.sees(BLUE) and watcher.size == size)
    assert await evaluate(session, "[innerWidth, innerHeight, devicePixelRatio]") == [
        viewport.width,
        viewport.height,
        viewport.device_scale_factor,
    ]


async def test_a_resize_reaches_the_page_and_the_viewers(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    watcher.say("resize", width=640, height=480)
    await until(lambda: watcher.size == (640, 480))
    await until_it_says(session, "[innerWidth, innerHeight]", [640, 480])
    await until(lambda: watcher.last("state")["viewport"]["width"] == 640)
    await session.open_tab()
    await until_it_says(session, "[innerWidth, innerHeight]", [640, 480])


@pytest.mark.parametrize("image", ["browser_latest", "chromium"])
async def test_the_picture_is_no_larger_than_anybody_shows_it(launch: Launch, image: str) -> None:
    session = await launch("/red", image_id=image)
    small = Watcher(session)
    await small.until_it_sees(RED)
    small.say("settings", fit={"width": 852, "height": 480})
    await until(lambda: small.size[0] < 1280)
    assert small.size == pytest.approx((852, 480), abs=1)
    assert small.sees(RED)
    large = Watcher(session)
    await until(lambda: small.size == large.size == (1280, 720))
    large.leave()
    await until(lambda: small.size[0] < 1280)


async def test_a_picture_that_would_hardly_be_smaller_keeps_its_size(launch: Launch) -> None:
    session = await launch("/moves")
    watcher = Watcher(session)
    watcher.say("settings", fit={"width": 1200, "height": 675})
    await until(lambda: len(watcher.frames) > 5)
    assert watcher.size == (1280, 720)


async def test_a_still_page_makes_no_frames(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    frames = session.usage.frames
    await evaluate(session, "new Promise((done) => setTimeout(done, 500))")
    assert session.usage.frames <= frames + 1


async def test_without_viewers_there_is_no_cast_and_the_next_one_starts_it(launch: Launch) -> None:
    session = await launch("/moves")
    watcher = Watcher(session)
    await until(lambda: len(watcher.frames) > 10)
    watcher.leave()
    # A frame may be on its way while the cast stops.
    await evaluate(session, "new Promise((done) => setTimeout(done, 100))")
    frames = session.usage.frames
    await evaluate(session, "new Promise((done) => setTimeout(done, 500))")
    assert session.usage.frames == frames
    next_one = Watcher(session)
    await until(lambda: len(next_one.frames) > 10)


async def test_a_paused_viewer_stops_the_cast_and_resumes_on_what_is_there_now(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    watcher.say("settings", paused=True)
    await evaluate(session, "paint('blue')")
    frames = len(watcher.frames)
    await evaluate(session, "new Promise((done) => setTimeout(done, 200))")
    assert len(watcher.frames) == frames
    watcher.say("settings", paused=False)
    await watcher.until_it_sees(BLUE)
    assert not any(alike(colour_of_jpeg(frame[HEADER.size :]), RED) for frame in watcher.frames[frames:])


async def test_a_late_comer_sees_a_still_page_at_once(launch: Launch) -> None:
    session = await launch("/red")
    await Watcher(session).until_it_sees(RED)
    assert Watcher(session, "view").sees(RED)


@pytest.mark.parametrize("acks", [True, False])
async def test_a_burst_ends_on_the_right_frame(launch: Launch, *, acks: bool) -> None:
    """Also for a viewer that acknowledges late, alone: the last change must not be lost in between."""
    session = await launch("/burst")
    watcher = Watcher(session, acks=acks)
    await watcher.until_it_sees(RED)
    for _ in range(3):
        await evaluate(session, "burst()")
        while not watcher.sees(LIME):
            watcher.catch_up()
            await asyncio.sleep(0.05)
        await evaluate(session, "paint('red')")
        while not watcher.sees(RED):
            watcher.catch_up()
            await asyncio.sleep(0.05)


async def test_one_that_reads_nothing_holds_nobody_up(launch: Launch) -> None:
    session = await launch("/moves")
    stalled, watcher = Watcher(session, "view", acks=False), Watcher(session, "view")
    await until(lambda: len(watcher.frames) > 60)
    assert len(stalled.frames) == 2
    assert stalled.viewer.dropped > 50


async def test_a_frame_names_inputs_that_it_shows(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    assert watcher.input_seq == 0
    colours = [RED, LIME, BLUE]
    await evaluate(session, "let n = 0; onmousedown = () => paint(['red', 'lime', 'blue'][++n % 3])")
    named = 0
    for seq in range(1, 16):
        before = len(watcher.frames)
        watcher.mouse("down", 300, 300, button="left", buttons=1, click_count=1, seq=seq)
        watcher.mouse("up", 300, 300, button="left", click_count=1)
        await watcher.until_it_sees(colours[seq % 3])
        for frame in watcher.frames[before:]:
            shown = alike(colour_of_jpeg(frame[HEADER.size :]), colours[seq % 3])
            assert shown or HEADER.unpack_from(frame)[4] < seq
        named += watcher.input_seq == seq
    # On a machine that is busy with something else an answer may come later than its picture.
    assert named


async def until_more_frames(watcher: Watcher, count: int) -> None:
    wanted = len(watcher.frames) + count
    await until(lambda: len(watcher.frames) >= wanted)


class TestThumbnails:
    async def picture(self, session: LiveSession) -> Image.Image:
        return Image.open(io.BytesIO(await session.thumbnail(width=320)))

    async def test_of_a_session_that_nobody_watches(self, launch: Launch) -> None:
        session = await launch("/red")
        picture = await self.picture(session)
        assert picture.width <= 320
        assert picture.height in (179, 180)
        assert alike(colour_of(picture), RED)
        await evaluate(session, "paint('blue')")
        assert alike(colour_of(await self.picture(session)), BLUE)
        assert session.usage.frames == 0

    async def test_two_at_once(self, launch: Launch) -> None:
        session = await launch("/red")
        async with asyncio.TaskGroup() as group:
            pictures = [group.create_task(self.picture(session)) for _ in range(3)]
        assert all(alike(colour_of(picture.result()), RED) for picture in pictures)

    async def test_they_do_not_disturb_a_live_view(self, launch: Launch) -> None:
        session = await launch("/moves")
        watcher = Watcher(session)
        await until(lambda: len(watcher.frames) > 5)
        for _ in range(5):
            assert (await self.picture(session)).width == 320
            await until_more_frames(watcher, 4)
        assert {(1280, 720)} == {watcher.size}

    async def test_a_live_view_that_begins_meanwhile_has_its_own_size(self, launch: Launch) -> None:
        session = await launch("/moves")
        async with asyncio.TaskGroup() as group:
            taking = group.create_task(self.picture(session))
            await asyncio.sleep(0)
            watcher = Watcher(session)
        assert taking.result().width <= 320
        await until(lambda: len(watcher.frames) > 10)
        assert all(frame[20:24] == watcher.frames[-1][20:24] for frame in watcher.frames)
        assert watcher.size == (1280, 720)

    async def test_of_another_tab_after_a_switch(self, launch: Launch) -> None:
        session = await launch("/red")
        watcher = Watcher(session)
        await watcher.until_it_sees(RED)
        await session.open_tab()
        assert alike(colour_of(await self.picture(session)), WHITE)
