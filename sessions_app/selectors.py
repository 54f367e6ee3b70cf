"""Reads that are used twice or come in pages."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.query import ModelIterable

from sessions_app.models import ENDED, LIVE, Label, Session, SessionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# As many ids as are quickly told to a database.
FEW = 200

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
    """With their labels and, of those that wait, the `queue_position` among all that wait for the same server."""
    return _all_sessions().filter(project_id=project_id)


@cache
def _all_sessions() -> QuerySet[Session]:
    # As a plain list, because a manager for each row takes longer than reading them all.
    return _Whole(Session).prefetch_related(Prefetch("labels", to_attr="its_labels"))


class _Whole(QuerySet[Session]):
    """Asks for positions only where somebody waits: as a part of the query they took a fifth of a list's read."""

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._iterable_class is ModelIterable:
            _place(self._result_cache or [])


def _place(rows: list[Session]) -> None:
    waiting = {row.node_id for row in rows if row.status == SessionStatus.QUEUED}
    positions: dict[str, int] = {}
    for node in waiting:
        queue = Session.objects.filter(node=node, status=SessionStatus.QUEUED).order_by("created_at", "id")
        positions |= {pk: place for place, pk in enumerate(queue.values_list("pk", flat=True), 1)}
    for row in rows:
        row.queue_position = positions.get(row.pk)  # type: ignore[attr-defined]


def labels_of(row: Session) -> dict[str, str]:
    """Of a row that `sessions` read."""
    rows: list[Label] = row.its_labels  # type: ignore[attr-defined]
    return {label.key: label.value for label in sorted(rows, key=lambda label: label.key)}


def with_labels(rows: QuerySet[Session], labels: Mapping[str, str | None]) -> QuerySet[Session]:
    """Sessions that have every one of `labels`; None asks for the key alone."""
    for key, value in labels.items():
        wanted = Label.objects.filter(session=OuterRef("pk"), key=key)
        rows = rows.filter(Exists(wanted if value is None else wanted.filter(value=value)))
    return rows


def matching(rows: QuerySet[Session], text: str) -> QuerySet[Session]:
    labelled = Label.objects.filter(Q(key__icontains=text) | Q(value__icontains=text)).values("session")
    return rows.filter(
        Q(id__icontains=text)
        | Q(name__icontains=text)
        | Q(url__icontains=text)
        | Q(title__icontains=text)
        | Q(pk__in=labelled)
    )


def created_between(
    rows: QuerySet[Session], after: datetime | None, before: datetime | None
) -> QuerySet[Session]:
    """Neither moment included."""
    if after:
        rows = rows.filter(created_at__gt=after)
    return rows.filter(created_at__lt=before) if before else rows


def newest_page(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """A page of rows that have a `created_at`; one that is inserted meanwhile shifts nothing."""

    def position_of(row: M) -> list[Any]:
        return [row.created_at.isoformat(), row.pk]  # type: ignore[attr-defined]

    rows = rows.order_by("-created_at", "-id")
    rest = _older(rows, *_read_cursor(cursor, 2)) if cursor else None
    return _page(rows, rest, limit, position_of)


def live_first_page(
    rows: QuerySet[Session], *, limit: int, cursor: str | None, since: datetime
) -> Page[Session]:
    """Those that ended before `since` come last; newest first among each, and of the first as many as `FEW` at once.

    Two reads, because one that sorts by both would look at every row there ever was.
    """
    total, rows = _counted(rows)
    past = Q(status__in=ENDED, ended_at__lte=since)
    live = rows.filter(Q(status__in=LIVE) | Q(ended_at__gt=since)).order_by("-created_at", "-id")
    ended = rows.filter(past).order_by("-created_at", "-id")
    if cursor:
        past_live, *position = _read_cursor(cursor, 3)
        live, ended = (
            (live.none(), _older(ended, *position)) if past_live else (_older(live, *position), ended)
        )
    items = list(live[: max(limit, FEW) + 1])
    limit = max(limit, min(len(items), FEW))
    items += ended[: limit + 1 - len(items)] if len(items) <= limit else []

    def position_of(row: Session) -> list[Any]:
        has_passed = row.ended_at is not None and row.ended_at <= since
        return [has_passed, row.created_at.isoformat(), row.pk]

    return _cut(items, limit, total, position_of)


def oldest_page(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """A page of rows ordered by a growing integer `id`."""
    rows = rows.order_by("pk")
    rest = rows.filter(pk__gt=_read_pk(cursor)) if cursor else None
    return _page(rows, rest, limit, lambda row: [row.pk])


def latest_page(rows: QuerySet[M], *, limit: int, cursor: str | None) -> Page[M]:
    """The same, newest first."""
    rows = rows.order_by("-pk")
    rest = rows.filter(pk__lt=_read_pk(cursor)) if cursor else None
    return _page(rows, rest, limit, lambda row: [row.pk])


def page_by(items: list[T], key: Callable[[T], str], *, limit: int, cursor: str | None) -> Page[T]:
    """A page of what is in memory, in the order of a text that tells them apart."""
    rest = sorted(items, key=key)
    if cursor:
        (after,) = _read_cursor(cursor, 1)
        if not isinstance(after, str):
            raise UnknownCursor
        rest = [item for item in rest if key(item) > after]
    return _cut(rest[: limit + 1], limit, len(items), lambda item: [key(item)])


def _page(
    rows: QuerySet[M], rest: QuerySet[M] | None, limit: int, position_of: Callable[[M], list[Any]]
) -> Page[M]:
    """From `rest`, which follows a cursor, or from the start; a page that holds all there are has counted them."""
    items = list((rows if rest is None else rest)[: limit + 1])
    total = len(items) if rest is None and len(items) <= limit else rows.count()
    return _cut(items, limit, total, position_of)


def _counted(rows: QuerySet[M]) -> tuple[int, QuerySet[M]]:
    """How many there are, and the same rows again: where a filter found few, nobody looks through all for them twice."""
    few = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return (rows.count(), rows) if len(few) > FEW else (len(few), rows.filter(pk__in=few))


def _older(rows: QuerySet[M], at: Any, pk: Any) -> QuerySet[M]:
    try:
        after = datetime.fromisoformat(str(at)).astimezone(UTC)
        return rows.filter(Q(created_at__lt=after) | Q(created_at=after, id__lt=str(pk)))
    except (ValueError, OverflowError) as error:
        raise UnknownCursor from error


def _cut(items: list[T], limit: int, total: int, position_of: Callable[[T], list[Any]]) -> Page[T]:
    more = len(items) > limit
    items = items[:limit]
    return Page(items, _write_cursor(position_of(items[-1])) if more else None, total)


def _read_pk(cursor: str) -> int:
    (pk,) = _read_cursor(cursor, 1)
    if not isinstance(pk, int):
        raise UnknownCursor
    return pk


def _write_cursor(position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, length: int) -> list[Any]:
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        # Half a character (\ud800) is none that a database could be asked for.
        json.dumps(position, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnknownCursor from error
    if not isinstance(position, list) or len(position) != length or "\0" in str(position[-1]):
        raise UnknownCursor
    return position
