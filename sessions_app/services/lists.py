"""Lists that come in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.db.models import Model

from sessions_app.selectors import Page, UnknownCursor
from sessions_app.services.errors import InvalidCursor

if TYPE_CHECKING:
    from django.db.models import QuerySet

T = TypeVar("T", bound=Model)


class _Pager(Protocol[T]):
    def __call__(self, rows: QuerySet[T], *, limit: int, cursor: str | None) -> Page[T]: ...


async def read_page(pager: _Pager[T], rows: QuerySet[T], *, limit: int, cursor: str | None) -> Page[T]:
    try:
        return await sync_to_async(pager)(rows, limit=limit, cursor=cursor)
    except UnknownCursor:
        raise InvalidCursor("This cursor did not come from this list.") from None
