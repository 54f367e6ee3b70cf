"""What a viewer does reaches the page as if it were done there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium.conftest import Launch, Watcher, evaluate, until_it_says
from tests.colours import BLACK, LIME, RED
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sessions_app.engine.session import LiveSession


class Page:
    """A session on the page that logs its input, and the viewer that steers it."""

    def __init__(self, session: LiveSession) -> None:
        self.session = session
        self.watcher = Watcher(session)

    async def log(self, *kinds: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = await evaluate(self.session, "log")
        return [event for event in events if event["kind"] in kinds]

    async def until_logged(self, kind: str, count: int = 1) -> None:
        await until_it_says(self.session, f"log.filter(({{kind}}) => kind === '{kind}').length", count)

    async def until_field_is(self, text: str) -> None:
        await until_it_says(self.session, "field.value", text)


@pytest.fixture
async def page(launch: Launch) -> AsyncIterator[Page]:
    page = Page(await launch("/input"))
    await until_it_says(page.session, "document.hasFocus() && document.activeElement.id", "field")
    yield page
    await page.session.aclose()


async def test_a_click_changes_the_picture(launch: Launch) -> None:
    watcher = Watcher(await launch("/click"))
    await watcher.until_it_sees(RED)
    watcher.click()
    await watcher.until_it_sees(LIME)


async def test_a_double_click_changes_the_picture(launch: Launch) -> None:
    watcher = Watcher(await launch("/click"))
    watcher.click(count=1)
    watcher.click(count=2)
    await watcher.until_it_sees(BLACK)


async def test_where_and_with_what_a_click_was(page: Page) -> None:
    page.watcher.click(321, 123, button="right", buttons=2, modifiers=8)
    await page.until_logged("contextmenu")
    [down] = await page.log("mousedown")
    assert (down["x"], down["y"], down["button"], down["detail"], down["modifiers"]) == (321, 123, 2, 1, 8)


async def test_typing(page: Page) -> None:
    for letter in "Ahoy":
        page.watcher.press(letter, f"Key{letter.upper()}", letter)
    page.watcher.press(" ", "Space", " ")
    page.watcher.press("é", "Digit2", "é")
    await page.until_field_is("Ahoy é")
    keys = await page.log("keydown")
    assert [(event["key"], event["code"]) for event in keys[:2]] == [("A", "KeyA"), ("h", "KeyH")]
    assert keys[0]["keyCode"] == 65
    assert len(await page.log("keyup")) == len(keys)


async def test_named_keys_and_repeats(page: Page) -> None:
    page.watcher.say("text", text="abc")
    page.watcher.press("ArrowLeft", "ArrowLeft")
    page.watcher.press("Backspace", "Backspace")
    await page.until_field_is("ac")
    for repeat in (False, True, True):
        page.watcher.say("key", action="down", key="x", code="KeyX", text="x", repeat=repeat)
    await page.until_field_is("axxxc")
    assert [event["repeat"] for event in await page.log("keydown")][-3:] == [False, True, True]


async def test_shortcuts_edit_as_on_any_machine(page: Page) -> None:
    page.watcher.say("text", text="old words")
    page.watcher.say("key", action="down", key="Control", code="ControlLeft", modifiers=2)
    page.watcher.press("a", "KeyA", "a", modifiers=2)
    page.watcher.say("key", action="up", key="Control", code="ControlLeft")
    await until_it_says(page.session, "field.selectionEnd - field.selectionStart", 9)
    page.watcher.press("n", "KeyN", "n")
    await page.until_field_is("n")
    select = next(event for event in await page.log("keydown") if event["key"] == "a")
    assert select["modifiers"] == 2


async def test_alt_gr_types(page: Page) -> None:
    page.watcher.press("@", "KeyQ", "@", modifiers=3)
    await page.until_field_is("@")


async def test_enter_sends_a_form(page: Page) -> None:
    await evaluate(page.session, "field.addEventListener('change', () => paint('blue'))")
    page.watcher.say("text", text="x")
    page.watcher.press("Enter", "Enter")
    await until_it_says(page.session, "document.body.style.background", "blue")


async def test_text_comes_in_as_it_is(page: Page) -> None:
    page.watcher.say("text", text="Grüße 日本 👋")
    await page.until_field_is("Grüße 日本 👋")


async def test_an_input_methods_text_is_unfinished_until_it_is_not(page: Page) -> None:
    page.watcher.say("composition", text="に", selection_start=1, selection_end=1)
    page.watcher.say("composition", text="にほ", selection_start=2, selection_end=2)
    await page.until_field_is("にほ")
    assert await page.log("compositionend") == []
    page.watcher.say("text", text="日本")
    await page.until_field_is("日本")
    await page.until_logged("compositionend")


async def test_the_wheel_scrolls(page: Page) -> None:
    page.watcher.say("wheel", x=300, y=300, dx=0, dy=240)
    await until_it_says(page.session, "scrollY", 240)
    await page.until_logged("wheel")
    page.watcher.say("wheel", x=300, y=300, dx=0, dy=-240)
    await until_it_says(page.session, "scrollY", 0)


async def test_fingers(page: Page) -> None:
    page.watcher.say("touch", action="start", points=[{"id": 1, "x": 50, "y": 60}])
    page.watcher.say("touch", action="end", points=[])
    await page.until_logged("touchend")


async def test_many_moves_end_where_the_last_one_was(page: Page) -> None:
    for x in range(500):
        page.watcher.mouse("move", x, 40)
    page.watcher.click(499, 41)
    await page.until_logged("mouseup")
    moves = await page.log("mousemove")
    assert len(moves) < 400
    assert [move["x"] for move in moves] == sorted(move["x"] for move in moves)
    assert (moves[-1]["x"], moves[-1]["y"]) in {(499, 40), (499, 41)}


async def test_what_is_held_is_let_go_when_the_viewer_leaves(page: Page) -> None:
    page.watcher.say("key", action="down", key="Shift", code="ShiftLeft", modifiers=8)
    page.watcher.mouse("down", 300, 300, button="left", buttons=1, click_count=1)
    await page.until_logged("mousedown")
    page.watcher.leave()
    await page.until_logged("keyup")
    await page.until_logged("mouseup")
    [released] = await page.log("mouseup")
    assert (released["x"], released["y"]) == (300, 300)


async def test_a_viewer_that_only_looks_changes_nothing(launch: Launch) -> None:
    session = await launch("/click")
    viewer = Watcher(session, "view")
    viewer.click()
    viewer.press("a", "KeyA", "a")
    assert viewer.viewer.closed_with == 4403
    assert await evaluate(session, "document.body.style.background") == ""
    await viewer.until_it_sees(RED) if viewer.frames else None


class TestDrag:
    async def drag(self, watcher: Watcher) -> None:
        watcher.mouse("move", 100, 100)
        watcher.mouse("down", 100, 100, button="left", buttons=1, click_count=1)
        for step in range(10):
            watcher.mouse("move", 100 + step * 40, 100, button="left", buttons=1)
            # As a hand does: each move after the page has had the one before.
            await evaluate(watcher.session, "new Promise(requestAnimationFrame)")

    async def test_it_is_carried_and_dropped(self, launch: Launch) -> None:
        session = await launch("/drag")
        watcher = Watcher(session)
        await self.drag(watcher)
        watcher.mouse("up", 470, 100, button="left", click_count=1)
        await until_it_says(session, "log.includes('cargo')", True)
        log = await evaluate(session, "log")
        assert log[:1] == ["dragstart"]
        assert [kind for kind in ("dragenter", "dragover", "drop") if kind in log] == [
            "dragenter",
            "dragover",
            "drop",
        ]
        await watcher.until_it_sees(LIME)
        await until_it_says(session, "log.at(-1)", "dragend")
        watcher.click(700, 400)
        assert (await evaluate(session, "log")).count("dragstart") == 1

    async def test_escape_takes_it_back(self, launch: Launch) -> None:
        session = await launch("/drag")
        watcher = Watcher(session)
        await self.drag(watcher)
        watcher.press("Escape", "Escape")
        watcher.mouse("up", 470, 100, button="left", click_count=1)
        await until_it_says(session, "log.includes('dragleave') || log.includes('dragend')", True)
        assert "drop" not in await evaluate(session, "log")

    async def test_one_that_is_over_at_once_leaves_the_page_usable(self, launch: Launch) -> None:
        """Everything is sent before Chromium can say that a drag began."""
        session = await launch("/drag")
        watcher = Watcher(session)
        watcher.mouse("down", 100, 100, button="left", buttons=1, click_count=1)
        for x in (110, 200, 450):
            watcher.mouse("move", x, 100, button="left", buttons=1)
        watcher.mouse("up", 450, 100, button="left", click_count=1)
        await evaluate(session, "document.addEventListener('click', () => paint('blue'))")
        await until(lambda: "pending=0" in repr(session.active.steering))
        for _ in range(2):
            watcher.click(700, 400)
        await until_it_says(session, "document.body.style.background", "blue")
