"""Lists that come in pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.db.models import Model

from sessions_app.selectors import Page, UnknownCursor
from sessions_app.services.errors import InvalidCursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

T = TypeVar("T", bound=Model)


class _Pager(Protocol[T]):
    def __call__(self, rows: QuerySet[T], *, limit: int, cursor: str | None) -> Page[T]: ...


async def read_page(pager: _Pager[T], rows: QuerySet[T], *, limit: int, cursor: str | None) -> Page[T]:
    return await page_of(partial(pager, rows, limit=limit, cursor=cursor))


async def page_of(read: Callable[[], Page[T]]) -> Page[T]:
    """`read` in a thread."""
    try:
        return await sync_to_async(read)()
    except UnknownCursor:
        raise InvalidCursor("This cursor did not come from this list.") from None
