"""The list of sessions: those that run first, found by words, status and labels that stand in the address."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from sessions_app.models import SessionStatus
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import sessions

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.request import QueryDict

    from sessions_app.selectors import Page
    from sessions_app.services.facts import SessionFacts

PAGE_SIZE = 50
# A poll asks again for all rows that are shown; beyond this many, one should rather search.
MAX_SHOWN = 500
# A row's picture has the address of a moment, so that a browser asks for a new one this often.
PICTURE_SECONDS = 10


@dataclass(frozen=True)
class Filters:
    q: str
    status: SessionStatus | None
    labels: tuple[str, ...]

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        status = query.get("status", "")
        labels = dict.fromkeys(label.strip() for label in query.getlist("label"))
        return cls(
            q=query.get("q", "").strip(),
            status=SessionStatus(status) if status in SessionStatus.values else None,
            labels=tuple(label for label in labels if label),
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
        return self._query(self.labels)

    @property
    def without(self) -> list[tuple[str, str]]:
        """Each label with the address that no longer asks for it."""
        return [(gone, self._query(tuple(one for one in self.labels if one != gone))) for gone in self.labels]

    def _query(self, labels: tuple[str, ...]) -> str:
        fields = [("q", self.q), ("status", self.status or ""), *(("label", label) for label in labels)]
        return urlencode([(name, value) for name, value in fields if value])


@require_safe
@signed_in()
async def index(request: PageRequest) -> HttpResponse:
    filters = Filters.read(request.GET)
    found = await _find(request, filters, limit=PAGE_SIZE)
    return page(request, "sessions/index.html", _context(filters, found, shown=0))


@require_safe
@signed_in()
async def rows(request: PageRequest) -> HttpResponse:
    """With a `cursor` the rows after it, else as many again as are `shown`."""
    filters = Filters.read(request.GET)
    shown, cursor = _shown(request.GET), request.GET.get("cursor")
    if cursor:
        found = await _find(request, filters, limit=PAGE_SIZE, cursor=cursor)
        return page(request, "sessions/_more.html", _context(filters, found, shown=shown + PAGE_SIZE))
    found = await _find(request, filters, limit=max(shown, PAGE_SIZE))
    return page(request, "sessions/_list.html", _context(filters, found, shown=shown))


def _shown(query: QueryDict) -> int:
    given = query.get("shown", "")
    return min(int(given), MAX_SHOWN) if given.isascii() and given.isdigit() and len(given) < 9 else 0


async def _find(
    request: PageRequest, filters: Filters, *, limit: int, cursor: str | None = None
) -> Page[SessionFacts]:
    return await sessions.list_sessions(
        request.actor,
        labels=filters.wanted,
        status=filters.status,
        q=filters.q,
        limit=limit,
        cursor=cursor,
        live_first=True,
    )


def _context(filters: Filters, found: Page[SessionFacts], *, shown: int) -> dict[str, object]:
    return {
        "filters": filters,
        "statuses": SessionStatus.values,
        "found": found,
        "full": shown >= MAX_SHOWN,
        "picture": int(time.time()) // PICTURE_SECONDS,
    }
