"""What a run of steps acts on: one page of one live session, until its time is up."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from playwright.async_api import Error

from sessions_app.engine.automation import settling
from sessions_app.services.steps.scripts import script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from playwright.async_api import ElementHandle, Frame, Page

    from sessions_app.engine.session import LiveSession
    from sessions_app.services.steps.selectors import Selector
    from sessions_app.services.steps.vocabulary import Step

T = TypeVar("T")
# Seconds.
ELEMENT_LIMIT = 15.0
LOOK_EVERY = 0.05


class StepFailed(Exception):
    """What the caller is told, word for word."""


class Stage:
    def __init__(self, live: LiveSession, page: Page, *, ends_at: float) -> None:
        self.live = live
        self.page = page
        self.tab = live.active
        self.ends_at = ends_at
        self.navigations = 0
        # How many there had been when the step before this one began.
        self.navigations_before = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Within it, navigations are counted."""
        self.page.on("framenavigated", self._navigated)
        try:
            yield
        finally:
            self.page.remove_listener("framenavigated", self._navigated)

    @property
    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()

    def patience(self, step: Step, otherwise: float = ELEMENT_LIMIT) -> float:
        """Milliseconds that it may wait; as in Puppeteer 0 means no limit but the run's own."""
        own = step.fields.get("timeout", otherwise * 1000)
        left = self.seconds_left * 1000
        # To Playwright 0 would be for ever.
        return max(1.0, min(own or left, left))

    async def on_element(
        self, step: Step, act: Callable[[ElementHandle, float], Awaitable[T]], *, name: str = "selector"
    ) -> T:
        """Does `act` to the first element that the step's selector finds, with the milliseconds that are left.

        One that the page puts another in place of meanwhile is looked for again.
        """
        ends_at = time.monotonic() + self.patience(step) / 1000
        while True:
            left = max(1.0, (ends_at - time.monotonic()) * 1000)
            element = await self.find(step.fields[name], left)
            try:
                return await act(element, max(1.0, (ends_at - time.monotonic()) * 1000))
            except Error as error:
                if "not attached" not in error.message or time.monotonic() >= ends_at:
                    raise
            finally:
                await element.dispose()

    async def find(self, selector: Selector, patience: float) -> ElementHandle:
        """Raises StepFailed."""
        try:
            if selector.kind == "jspath":
                found = await self._found_by_script(selector, patience)
            else:
                found = await self.page.wait_for_selector(
                    selector.as_query, state="attached", timeout=patience
                )
        except Error as error:
            if error.name != "TimeoutError":
                raise
            raise StepFailed(f"no element matches {selector} within {patience / 1000:.3g} seconds") from None
        if found is None:
            raise StepFailed(f"{selector} gives something that is no element")
        return found

    async def _found_by_script(self, selector: Selector, patience: float) -> ElementHandle | None:
        handle = await self.page.wait_for_function(
            script("seek"), arg=selector.text, timeout=patience, polling="raf"
        )
        return handle.as_element()

    async def settled(self, act: Awaitable[T]) -> T:
        """Also waits until what `act` changed is drawn, and the page that it went to is there."""
        result = await act
        await settling.drawn(self.tab)
        return result

    def _navigated(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self.navigations += 1
