"""One function's call while it has its turn: the page, what it sees of it, and how it ends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from sessions_app.engine.automation import pictures
from sessions_app.engine.automation.hands import Deadline, Hands, Refused, explained
from sessions_app.engine.automation.plain import plain
from sessions_app.engine.automation.sight import Sight
from sessions_app.engine.errors import DeadlineExceeded, EngineError, FilesFull, NoPicture
from sessions_app.services import driving, keepsakes
from sessions_app.services.function_answers import View

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from playwright.async_api import Page

    from sessions_app.engine.automation.answering import SeenDialog
    from sessions_app.engine.session import LiveSession
    from sessions_app.services.actors import Actor
    from sessions_app.services.function_answers import Look

T = TypeVar("T")

TREE_LIMIT = 10.0
# What an action answers beside itself must not make it fail, nor wait.
ASIDE_LIMIT = 10.0

# A session's refs and last snapshot, as long as its browser runs.
_sights: WeakKeyDictionary[LiveSession, Sight] = WeakKeyDictionary()


class Call:
    def __init__(self, live: LiveSession, page: Page, deadline: Deadline) -> None:
        self.live = live
        self.page = page
        self.deadline = deadline
        self.sight = _sights.setdefault(live, Sight())

    @property
    def hands(self) -> Hands:
        return Hands(self.page, self.sight, self.deadline, self.live.files.path_of)

    @property
    def dialogs(self) -> list[SeenDialog]:
        return self.live.answering.seen

    async def attempt(self, work: Awaitable[str]) -> tuple[bool, str]:
        """Whether it could be done, and what was done or why not."""
        try:
            return True, await work
        except Refused as refusal:
            # A browser that has gone refuses nothing.
            if driving.is_gone(self.live):
                raise
            return False, str(refusal)

    async def ask(self, work: Awaitable[T]) -> T:
        """Playwright's own errors are what the page does not allow. Raises Refused, DeadlineExceeded."""
        from playwright.async_api import Error

        try:
            return await work
        except Error as error:
            self.deadline.check()
            raise Refused(explained(error)) from error

    async def turn_to_active_tab(self) -> None:
        """An action may have opened another tab, or closed this one."""
        self.page = await self.live.pilot.page()

    async def view(self, look: Look) -> View:
        """Raises Refused."""
        return await self.ask(self._view(look))

    async def aside(self, look: Look | None, *, picture: bool) -> tuple[View | None, keepsakes.File | None]:
        """What is to be seen after an action, both at once; None for what is not wanted, or not to be had."""
        async with asyncio.TaskGroup() as group:
            view = group.create_task(self._view_aside(look))
            shot = group.create_task(self._screenshot_aside(wanted=picture))
        return view.result(), shot.result()

    async def screenshot(self, *, full_page: bool = False) -> keepsakes.File:
        """Raises Refused."""
        try:
            limit = min(pictures.LIMIT, self.deadline.left)
            png = await pictures.screenshot(self.live.active, full_page=full_page, limit=limit)
            return await keepsakes.keep(self.live, "screenshots", png)
        except (NoPicture, FilesFull) as error:
            raise Refused(str(error)) from error

    async def _view_aside(self, look: Look | None) -> View | None:
        if look is None:
            return None
        try:
            async with asyncio.timeout(min(ASIDE_LIMIT, self.deadline.left)):
                return await self.view(look)
        except (Refused, DeadlineExceeded, TimeoutError):
            return None

    async def _screenshot_aside(self, *, wanted: bool) -> keepsakes.File | None:
        try:
            return await self.screenshot() if wanted else None
        except (Refused, EngineError):
            return None

    async def _view(self, look: Look) -> View:
        elements = await self.sight.elements(self.page, look.most)
        listed = look.mode != "aria"
        tree = None if look.mode == "elements" else await self._tree()
        kind, text = ("elements", elements.text) if tree is None else ("aria", tree)
        return View(
            url=plain(self.page.url),
            title=plain(await self.page.title()),
            elements=elements.items if listed else [],
            elements_text=elements.text if listed else "",
            total=elements.total,
            aria=tree,
            diff=await self._difference(kind, text, wanted=look.diff),
        )

    async def _tree(self) -> str:
        return await self.sight.tree(self.page, min(TREE_LIMIT, self.deadline.left))

    async def _difference(self, kind: str, text: str, *, wanted: bool) -> str | None:
        if wanted:
            return await self.sight.difference(kind, text)
        self.sight.note(kind, text)
        return None


@asynccontextmanager
async def begin(actor: Actor, session_id: str, seconds: float) -> AsyncIterator[Call]:
    """Raises what `driving.turn` does."""
    deadline = Deadline(seconds)
    async with driving.turn(actor, session_id, seconds) as (live, page):
        yield Call(live, page, deadline)
