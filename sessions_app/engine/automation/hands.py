"""What a program does on a page: one action at a time, each with what it needs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from sessions_app.engine.automation.sight import NoSuchRef
from sessions_app.engine.errors import DeadlineExceeded, NameRefused, NoSuchFile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from playwright.async_api import Error, Page

    from sessions_app.engine.automation.sight import Sight, Target

Action = Literal[
    "click", "dblclick", "fill", "type", "press", "select", "hover", "check", "uncheck", "drag", "upload",
    "scroll", "back", "wait", "goto",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)
Direction = Literal["up", "down", "left", "right"]

# Seconds.
LIMIT = 5.0
TYPING_LIMIT = 30.0
OPEN_LIMIT = 30.0
DRAG_STEPS = 8
TYPED_AT_ONCE = 100
LONGEST_MESSAGE = 600
_WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
# "Locator.click: " before what went wrong.
_CALL = re.compile(r"^\w+\.\w+: ")
_FRACTION = re.compile(r"(?<=\d)\.\d+ms\b")
_MET = ("intercepts pointer events", "element is not", "did not find some options", "resolved to hidden")
_SOUGHT = re.compile(r"waiting for (locator\(.*?\))(?:\.first)?(?: to be \w+)?$")
_IS_FILE_INPUT = "element => (element.control ?? element).type === 'file'"


class Refused(Exception):
    """The page, or what was asked, does not allow it; the text is for the program."""


@dataclass(frozen=True, kw_only=True)
class Interaction:
    action: Action
    ref: str | None = None
    selector: str | None = None
    text: str | None = None
    direction: Direction = "down"
    scroll_amount: int = 400
    wait_ms: int = 1000
    url: str | None = None
    target_ref: str | None = None
    target_selector: str | None = None
    file_paths: tuple[str, ...] = ()


class Deadline:
    """When a call must be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = asyncio.get_running_loop().time() + seconds

    @property
    def left(self) -> float:
        return max(0.001, self._at - asyncio.get_running_loop().time())

    def within(self, limit: float) -> float:
        """Milliseconds, for Playwright: no longer than there is time, or it would go on when nobody waits."""
        return min(limit, self.left) * 1000

    def check(self) -> None:
        """Raises DeadlineExceeded."""
        if self.left <= 0.001:
            raise DeadlineExceeded(self._seconds)


class Hands:
    """Of one call on one page."""

    def __init__(self, page: Page, sight: Sight, deadline: Deadline, path_of: Callable[[str], Path]) -> None:
        self._page = page
        self._sight = sight
        self._deadline = deadline
        self._path_of = path_of

    async def do(self, asked: Interaction) -> str:
        """What was done, in words. Raises Refused, DeadlineExceeded."""
        from playwright.async_api import Error

        act: Callable[[Interaction], Awaitable[str]] = getattr(self, f"_{asked.action}")
        try:
            return await act(asked)
        except (NoSuchRef, NoSuchFile, NameRefused) as error:
            raise Refused(str(error)) from error
        except Error as error:
            self._deadline.check()
            raise Refused(explained(error)) from error

    async def open(self, url: str) -> str:
        """Raises Refused, DeadlineExceeded."""
        from playwright.async_api import Error

        limit = self._deadline.within(OPEN_LIMIT)
        try:
            response = await self._page.goto(url, wait_until="domcontentloaded", timeout=limit)
        except Error as error:
            self._deadline.check()
            raise Refused(f"Failed to open URL: {explained(error)}") from error
        failed = f", which answered {response.status}" if response and not response.ok else ""
        return f"Opened {self._page.url}{failed}"

    # The actions

    async def _click(self, asked: Interaction) -> str:
        await (await self._target(asked)).click(timeout=self._limit)
        return f"Clicked {_named(asked)}"

    async def _dblclick(self, asked: Interaction) -> str:
        await (await self._target(asked)).dblclick(timeout=self._limit)
        return f"Double-clicked {_named(asked)}"

    async def _hover(self, asked: Interaction) -> str:
        await (await self._target(asked)).hover(timeout=self._limit)
        return f"Hovered over {_named(asked)}"

    async def _check(self, asked: Interaction) -> str:
        await (await self._target(asked)).check(timeout=self._limit)
        return f"Checked {_named(asked)}"

    async def _uncheck(self, asked: Interaction) -> str:
        await (await self._target(asked)).uncheck(timeout=self._limit)
        return f"Unchecked {_named(asked)}"

    async def _fill(self, asked: Interaction) -> str:
        text = _text(asked)
        await (await self._target(asked)).fill(text, timeout=self._limit)
        return f"Filled {_named(asked)}"

    async def _type(self, asked: Interaction) -> str:
        text = _text(asked)
        if _is_named(asked):
            target = await self._target(asked)
            await target.type(text, timeout=self._deadline.within(TYPING_LIMIT))
        else:
            # Playwright gives this no limit, and would type on when nobody waits for it any more.
            for at in range(0, len(text), TYPED_AT_ONCE):
                self._deadline.check()
                await self._page.keyboard.type(text[at : at + TYPED_AT_ONCE])
        return f"Typed {len(text)} characters"

    async def _press(self, asked: Interaction) -> str:
        key = _text(asked)
        if _is_named(asked):
            await (await self._target(asked)).press(key, timeout=self._limit)
        else:
            await self._page.keyboard.press(key)
        return f"Pressed {key}"

    async def _select(self, asked: Interaction) -> str:
        text = _text(asked)
        # By label or value.
        await (await self._target(asked)).select_option(text, timeout=self._limit)
        return f"Selected {text!r} in {_named(asked)}"

    async def _drag(self, asked: Interaction) -> str:
        if asked.target_ref is None and asked.target_selector is None:
            raise Refused("'target_ref' required for drag action")
        source = await self._target(asked)
        place = await self._found(asked.target_ref, asked.target_selector)
        mouse = self._page.mouse
        await mouse.move(*await self._middle(source))
        await mouse.down()
        try:
            await mouse.move(*await self._middle(place), steps=DRAG_STEPS)
        finally:
            await mouse.up()
        return f"Dragged {_named(asked)} to {asked.target_ref or asked.target_selector}"

    async def _upload(self, asked: Interaction) -> str:
        if not asked.file_paths:
            raise Refused("'file_paths' required for upload action")
        target = await self._target(asked)
        paths = await asyncio.to_thread(lambda: [str(self._path_of(name)) for name in asked.file_paths])
        if await target.evaluate(_IS_FILE_INPUT):
            await target.set_input_files(paths, timeout=self._limit)
        else:
            async with self._page.expect_file_chooser(timeout=self._limit) as chooser:
                await target.click(timeout=self._limit)
            await (await chooser.value).set_files(paths, timeout=self._limit)
        return f"Uploaded {', '.join(asked.file_paths)}"

    async def _scroll(self, asked: Interaction) -> str:
        x, y = _WAYS[asked.direction]
        await self._page.mouse.move(*await self._scrolled_place(asked))
        await self._page.mouse.wheel(x * asked.scroll_amount, y * asked.scroll_amount)
        return f"Scrolled {asked.direction} by {asked.scroll_amount} pixels"

    async def _back(self, _: Interaction) -> str:
        limit = self._deadline.within(OPEN_LIMIT)
        before = self._page.url
        went = await self._page.go_back(wait_until="domcontentloaded", timeout=limit)
        if went is None and self._page.url == before:
            raise Refused("There is no page to go back to.")
        return f"Went back to {self._page.url}"

    async def _wait(self, asked: Interaction) -> str:
        if asked.selector is not None:
            limit = self._deadline.within(OPEN_LIMIT)
            await self._page.locator(asked.selector).first.wait_for(timeout=limit)
            return f"{asked.selector} is there"
        # Playwright's own ends with the page.
        await self._page.wait_for_timeout(asked.wait_ms)
        return f"Waited {asked.wait_ms} ms"

    async def _goto(self, asked: Interaction) -> str:
        if not asked.url:
            raise Refused("'url' required for goto action")
        return await self.open(asked.url)

    # What they share

    @property
    def _limit(self) -> float:
        return self._deadline.within(LIMIT)

    async def _target(self, asked: Interaction) -> Target:
        if not _is_named(asked):
            raise Refused(f"'ref' required for {asked.action} action")
        return await self._found(asked.ref, asked.selector)

    async def _found(self, ref: str | None, selector: str | None) -> Target:
        if ref is not None:
            return await self._sight.target(self._page, ref)
        return self._page.locator(selector or "").first

    async def _middle(self, target: Target) -> tuple[float, float]:
        await target.scroll_into_view_if_needed(timeout=self._limit)
        box = await target.bounding_box()
        if box is None:
            raise Refused("The element is not visible.")
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    async def _scrolled_place(self, asked: Interaction) -> tuple[float, float]:
        """The wheel turns what lies under the pointer."""
        if _is_named(asked):
            return await self._middle(await self._target(asked))
        width, height = await self._page.evaluate("[innerWidth, innerHeight]")
        return width / 2, height / 2


def explained(error: Error) -> str:
    """The first line of what Playwright says, and what it met last on its way."""
    first, *log = error.message.strip().splitlines()
    told = _FRACTION.sub("ms", _CALL.sub("", first))
    met = [line.strip(" -") for line in log if any(sign in line for sign in _MET)]
    if not met and not any("resolved to" in line for line in log):
        met = [f"nothing matches {sought[1]}" for line in log if (sought := _SOUGHT.search(line))]
    return (f"{told} ({met[-1]})" if met else told)[:LONGEST_MESSAGE]


def _is_named(asked: Interaction) -> bool:
    return asked.ref is not None or asked.selector is not None


def _named(asked: Interaction) -> str:
    return asked.ref or asked.selector or ""


def _text(asked: Interaction) -> str:
    if asked.text is None:
        raise Refused(f"'text' required for {asked.action} action")
    return asked.text
