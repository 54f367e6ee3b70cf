"""The wall and the table of sessions: who wants somebody first, found by words, status and labels in the address."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from sessions_app.models import SessionStatus
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import wall
from sessions_app.services.actors import Right

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.request import QueryDict

    from sessions_app.selectors import Page
    from sessions_app.services.wall import Card

PAGE_SIZE = 50
# A refresh asks again for all that are shown; beyond this many, one should rather search.
MAX_SHOWN = 500
WALL, TABLE = VIEWS = ("wall", "table")
# Under this name a login keeps how it looked at its sessions last.
CHOSEN_VIEW = "sessions_view"
# Those between two others last a moment: nobody looks for them.
_PASSING = {SessionStatus.STARTING, SessionStatus.RELEASING}


@dataclass(frozen=True)
class Filters:
    q: str
    status: SessionStatus | None
    labels: tuple[str, ...]
    view: str

    @classmethod
    def read(cls, query: QueryDict, *, view: str) -> Filters:
        status = query.get("status", "")
        labels = dict.fromkeys(label.strip() for label in query.getlist("label"))
        return cls(
            q=query.get("q", "").strip(),
            status=SessionStatus(status) if status in SessionStatus.values else None,
            labels=tuple(label for label in labels if label),
            view=view,
        )

    def __bool__(self) -> bool:
        return bool(self.q or self.status or self.labels)

    @property
    def wanted(self) -> dict[str, str | None]:
        """`key:value`, or `key` for whatever value."""
        parts = (label.partition(":") for label in self.labels)
        return {key.strip(): value.strip() if colon else None for key, colon, value in parts}

    @property
    def query(self) -> str:
        fields = [("q", self.q), ("status", self.status or ""), *(("label", label) for label in self.labels)]
        return urlencode([(name, value) for name, value in [*fields, ("view", self.view)] if value])

    @property
    def cleared(self) -> Filters:
        return replace(self, q="", status=None, labels=())

    @property
    def without(self) -> list[tuple[str, Filters]]:
        """Each label with the filters that no longer ask for it."""
        return [
            (gone, replace(self, labels=tuple(one for one in self.labels if one != gone)))
            for gone in self.labels
        ]

    @property
    def views(self) -> list[tuple[str, Filters]]:
        return [(view, replace(self, view=view)) for view in VIEWS]

    @property
    def statuses(self) -> list[tuple[str, Filters]]:
        wanted = [one for one in SessionStatus if one not in _PASSING or one == self.status]
        return [("all", replace(self, status=None)), *((one, replace(self, status=one)) for one in wanted)]


@require_safe
@signed_in()
async def index(request: PageRequest) -> HttpResponse:
    filters = await _filters(request)
    found = await _find(request, filters, limit=PAGE_SIZE)
    return await _rendered(request, "sessions/index.html", _context(request, filters, found, shown=0))


@require_safe
@signed_in()
async def rows(request: PageRequest) -> HttpResponse:
    """With a `cursor` the rows after it, else as many again as are `shown`."""
    filters = await _filters(request)
    shown, cursor = _shown(request.GET), request.GET.get("cursor")
    if cursor:
        found = await _find(request, filters, limit=PAGE_SIZE, cursor=cursor)
        context = _context(request, filters, found, shown=shown + PAGE_SIZE)
        return await _rendered(request, "sessions/_more.html", context)
    found = await _find(request, filters, limit=max(shown, PAGE_SIZE))
    return await _rendered(request, "sessions/_list.html", _context(request, filters, found, shown=shown))


async def _rendered(request: PageRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """In a thread: so many rows take longer than any frame of a live view should wait."""
    return await asyncio.to_thread(page, request, template, context)


async def _filters(request: PageRequest) -> Filters:
    """An address that names no view has the one that was looked at last."""
    asked = request.GET.get("view", "")
    last = await request.session.aget(CHOSEN_VIEW, WALL)
    if asked in VIEWS and asked != last:
        await request.session.aset(CHOSEN_VIEW, asked)
    return Filters.read(request.GET, view=asked if asked in VIEWS else last)


def _shown(query: QueryDict) -> int:
    given = query.get("shown", "")
    return min(int(given), MAX_SHOWN) if given.isascii() and given.isdigit() and len(given) < 9 else 0


async def _find(
    request: PageRequest, filters: Filters, *, limit: int, cursor: str | None = None
) -> Page[Card]:
    return await wall.cards(
        request.actor,
        labels=filters.wanted,
        statuses=[filters.status] if filters.status else [],
        q=filters.q,
        limit=limit,
        cursor=cursor,
    )


def _context(request: PageRequest, filters: Filters, found: Page[Card], *, shown: int) -> dict[str, object]:
    return {
        "filters": filters,
        "found": found,
        "full": shown >= MAX_SHOWN,
        "changes": request.actor.can(Right.CHANGE),
    }
