"""What a program sees of a page: elements by refs that keep their meaning, and the accessibility tree."""

from __future__ import annotations

import asyncio
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.engine.automation.plain import plain
from sessions_app.engine.automation.scripts import script

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame, JSHandle, Locator, Page

    Target = ElementHandle | Locator

NOTHING = "(no interactive elements found)"
UNCHANGED = "(no changes)"
# Pages with many frames are full of advertisements; a frame that does not answer must not hold up the others.
MAX_FRAMES = 25
FRAME_LIMIT = 2.0
MAX_TREE = 200_000

_REGISTRY = "() => ({ numbers: new WeakMap(), elements: [] })"
_ELEMENT = "(registry, n) => { const e = registry.elements[n]?.deref(); return e?.isConnected ? e : null }"
_TREE_REF = re.compile(r"\[ref=((?:f\d+)?)e(\d+)\]")
_ASKED_TREE_REF = re.compile(r"@?((?:f\d+)?)a(\d+)")


class NoSuchRef(Exception):
    """A ref that never was, or whose element is gone."""


@dataclass(frozen=True, kw_only=True)
class Element:
    ref: str
    tag: str
    text: str
    role: str | None
    name: str | None
    href: str | None
    input_type: str | None

    @property
    def desc(self) -> str:
        kind = f"{self.tag} type={self.input_type}" if self.input_type else self.tag
        text = f' "{self.text}"' if self.text else ""
        href = f' href="{self.href}"' if self.href else ""
        return f"{self.ref} [{kind}]{text}{href}"


@dataclass(frozen=True, kw_only=True)
class Elements:
    """`total` counts also those that are not listed."""

    items: list[Element]
    total: int

    @property
    def text(self) -> str:
        return "\n".join(element.desc for element in self.items) or NOTHING


class Sight:
    """Of one session: an element keeps its ref as long as the document of its tab is shown."""

    def __init__(self) -> None:
        self._page: Page | None = None
        self._registries: dict[Frame, JSHandle] = {}
        self._numbers: dict[tuple[Frame, int], int] = {}
        # Never given out again while the page stays: an old ref must not come to mean something else.
        self._given = 0
        self._places: dict[str, tuple[Frame, int]] = {}
        self._last: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<Sight frames={len(self._registries)} refs={len(self._places)}>"

    # Seeing

    async def elements(self, page: Page, most: int) -> Elements:
        """Those of the page first, then those in its frames. Raises Playwright's Error."""
        if page is not self._page:
            self._page = page
            self._forget_all()
        found = [(page.main_frame, await self._collect(page.main_frame, most))]
        found += await self._in_frames(page, most)
        listed = [(frame, facts) for frame, each in found for facts in each["facts"]][:most]
        items = [self._element(frame, facts) for frame, facts in listed]
        return Elements(items=items, total=sum(each["total"] for _, each in found))

    async def tree(self, page: Page, limit: float) -> str:
        """Playwright's accessibility tree, its refs written so that nobody takes them for those of elements."""
        text = plain(await page.aria_snapshot(mode="ai", timeout=limit * 1000))
        if len(text) > MAX_TREE:
            text = f"{text[:MAX_TREE]}\n(cut: {len(text)} characters)"
        return _TREE_REF.sub(r"[ref=@\1a\2]", text)

    async def difference(self, kind: str, text: str) -> str | None:
        """From the last text of this kind, which this one becomes; None when there was none."""
        before = self.note(kind, text)
        return None if before is None else await asyncio.to_thread(difference, before, text)

    def note(self, kind: str, text: str) -> str | None:
        before, self._last[kind] = self._last.get(kind), text
        return before

    # Finding again

    async def target(self, page: Page, ref: str) -> Target:
        """Raises NoSuchRef."""
        if asked := _ASKED_TREE_REF.fullmatch(ref):
            return await _in_tree(page, ref, f"aria-ref={asked[1]}e{asked[2]}")
        place = self._places.get(ref if ref.startswith("@") else f"@{ref}")
        if place is None:
            raise NoSuchRef(f"Unknown ref: {ref}. Run 'snapshot' to get current elements.")
        frame, number = place
        element = await self._at(frame, number) if page is self._page else None
        if element is None:
            raise _gone(ref)
        return element

    async def _at(self, frame: Frame, number: int) -> ElementHandle | None:
        from playwright.async_api import Error

        registry = self._registries.get(frame)
        if registry is None:
            return None
        try:
            return (await registry.evaluate_handle(_ELEMENT, number)).as_element()
        except Error:
            return None

    # Collecting

    async def _collect(self, frame: Frame, most: int) -> dict[str, Any]:
        from playwright.async_api import Error

        if registry := self._registries.get(frame):
            try:
                return _checked(await registry.evaluate(script("elements"), most))
            except Error:
                # Another document has taken its place.
                self._forget(frame)
        registry = self._registries[frame] = await frame.evaluate_handle(_REGISTRY)
        return _checked(await registry.evaluate(script("elements"), most))

    async def _in_frames(self, page: Page, most: int) -> list[tuple[Frame, dict[str, Any]]]:
        frames = [frame for frame in page.frames if frame is not page.main_frame][:MAX_FRAMES]
        found: dict[Frame, dict[str, Any]] = {}
        async with asyncio.TaskGroup() as group:
            for frame in frames:
                group.create_task(self._in_frame(frame, most, found))
        return [(frame, found[frame]) for frame in frames if frame in found]

    async def _in_frame(self, frame: Frame, most: int, found: dict[Frame, dict[str, Any]]) -> None:
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(FRAME_LIMIT):
                found[frame] = await self._collect(frame, most)
        except (Error, TimeoutError):
            self._forget(frame)

    def _element(self, frame: Frame, facts: dict[str, Any]) -> Element:
        place = (frame, facts["number"])
        if place not in self._numbers:
            self._given += 1
            self._numbers[place] = self._given
        ref = f"@e{self._numbers[place]}"
        self._places[ref] = place
        return Element(
            ref=ref,
            tag=plain(facts["tag"]),
            text=plain(facts["text"]),
            role=plain(facts["role"]),
            name=plain(facts["name"]),
            href=plain(facts["href"]),
            input_type=plain(facts["input_type"]),
        )

    def _forget(self, frame: Frame) -> None:
        if self._page and frame is self._page.main_frame:
            self._forget_all()
            return
        self._registries.pop(frame, None)
        self._numbers = {place: number for place, number in self._numbers.items() if place[0] is not frame}
        self._places = {ref: place for ref, place in self._places.items() if place[0] is not frame}

    def _forget_all(self) -> None:
        self._registries.clear()
        self._numbers.clear()
        self._places.clear()
        self._given = 0


async def _in_tree(page: Page, ref: str, selector: str) -> Locator:
    from playwright.async_api import Error

    found = page.locator(selector)
    try:
        if await found.count():
            return found
    except Error:
        # Playwright knows such refs only after a tree was made of this document.
        pass
    raise _gone(ref)


def _gone(ref: str) -> NoSuchRef:
    return NoSuchRef(f"{ref} is no longer on the page. Run 'snapshot' to get current elements.")


def _checked(found: Any) -> dict[str, Any]:
    """The script runs among the page's own, which may have changed what it calls."""
    if (
        isinstance(found, dict)
        and isinstance(found.get("total"), int)
        and isinstance(found.get("facts"), list)
    ):
        return {"total": found["total"], "facts": [each for each in found["facts"] if _is_element(each)]}
    return {"total": 0, "facts": []}


def _is_element(facts: Any) -> bool:
    return (
        isinstance(facts, dict)
        and isinstance(facts.get("number"), int)
        and all(isinstance(facts.get(name), str) for name in ("tag", "text"))
        and all(isinstance(facts.get(name), str | None) for name in ("role", "name", "href", "input_type"))
    )


def difference(before: str, after: str) -> str:
    """The lines that went (-) and came (+), in order."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    # The first two name the files.
    changed = [line for line in list(lines)[2:] if not line.startswith("@@")]
    return "\n".join(changed) or UNCHANGED
