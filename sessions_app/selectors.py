"""Reads that are used twice or come in pages."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from sessions_app.models import ENDED, LIVE, Label, Session

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class UnknownCursor(Exception):
    pass


@dataclass(frozen=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None
    total: int


def sessions(project_id: str) -> QuerySet[Session]:
    """With their labels."""
    return Session.objects.filter(project_id=project_id).prefetch_related("labels")


def with_labels(rows: QuerySet[Session], labels: Mapping[str, str | None]) -> QuerySet[Session]:
    """Sessions that have every one of `labels`; None asks for the key alone."""
    for key, value in labels.items():
        wanted = Label.objects.filter(session=OuterRef("pk"), key=key)
        rows = rows.filter(Exists(wanted if value is None else wanted.filter(value=value)))
    return rows


def matching(rows: QuerySet[Session], text: str) -> QuerySet[Session]:
    labelled = Label.objects.filter(Q(key__icontains=text) | Q(value__icontains=text), session=OuterRef("pk"))
    return rows.filter(
        Q(id__icontains=text)
        | Q(name__icontains=text)
        | Q(url__icontains=text)
        | Q(title__icontains=text)
        | Exists(labelled)
    )


def newest_page(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """A page of rows that have a `created_at`; one that is inserted meanwhile shifts nothing."""
    total = rows.count()
    if cursor:
        rows = _older(rows, *_read_cursor(cursor, 2))
    rows = rows.order_by("-created_at", "-id")
    return _cut(rows, limit, total, lambda row: [row.created_at.isoformat(), row.pk])


def live_first_page(rows: QuerySet[Session], *, limit: int, cursor: str | None) -> Page[Session]:
    """Those that have ended come last; newest first among each.

    Two reads, because one that sorts by both would look at every row there ever was.
    """
    total = rows.count()
    live, ended = (
        rows.filter(status__in=statuses).order_by("-created_at", "-id") for statuses in (LIVE, ENDED)
    )
    if cursor:
        past_live, *position = _read_cursor(cursor, 3)
        live, ended = (
            (live.none(), _older(ended, *position)) if past_live else (_older(live, *position), ended)
        )
    items = list(live[: limit + 1])
    items += ended[: limit + 1 - len(items)] if len(items) <= limit else []
    return _cut(items, limit, total, lambda row: [row.status in ENDED, row.created_at.isoformat(), row.pk])


def oldest_page(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """A page of rows ordered by a growing integer `id`."""
    total = rows.count()
    if cursor:
        (after,) = _read_cursor(cursor, 1)
        if not isinstance(after, int):
            raise UnknownCursor
        rows = rows.filter(pk__gt=after)
    return _cut(rows.order_by("pk"), limit, total, lambda row: [row.pk])


def _older(rows: QuerySet[M], at: Any, pk: Any) -> QuerySet[M]:
    try:
        after = datetime.fromisoformat(str(at))
        return rows.filter(Q(created_at__lt=after) | Q(created_at=after, id__lt=str(pk)))
    except ValueError as error:
        raise UnknownCursor from error


def _cut(rows: QuerySet[M] | list[M], limit: int, total: int, position: Any) -> Page[M]:
    items = list(rows[: limit + 1])
    more = len(items) > limit
    items = items[:limit]
    return Page(items, _write_cursor(position(items[-1])) if more else None, total)


def _write_cursor(position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, length: int) -> list[Any]:
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise UnknownCursor from error
    if not isinstance(position, list) or len(position) != length:
        raise UnknownCursor
    return position
