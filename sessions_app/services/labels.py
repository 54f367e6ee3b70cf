"""A session's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction

from sessions_app.models import Label, Session
from sessions_app.services import events, lookup, timeline
from sessions_app.services.actors import Right
from sessions_app.services.new_session import check_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.services.actors import Actor


async def get(actor: Actor, session_id: str) -> dict[str, str]:
    return await sync_to_async(_read)(actor, session_id)


async def replace(actor: Actor, session_id: str, *, labels: Mapping[str, str]) -> dict[str, str]:
    actor.require(Right.CHANGE)
    check_labels(labels)
    row = await lookup.row(actor, session_id)
    lookup.touch(row.id)
    await timeline.settle(row.id)
    return await sync_to_async(_write)(actor, row, labels, keep=False)


async def merge(actor: Actor, session_id: str, *, labels: Mapping[str, str | None]) -> dict[str, str]:
    """None removes a label."""
    actor.require(Right.CHANGE)
    row = await lookup.row(actor, session_id)
    lookup.touch(row.id)
    await timeline.settle(row.id)
    return await sync_to_async(_write)(actor, row, labels, keep=True)


def _read(actor: Actor, session_id: str) -> dict[str, str]:
    row = lookup.row_now(actor, session_id)
    return dict(Label.objects.filter(session=row).order_by("key").values_list("key", "value"))


@transaction.atomic
def _write(actor: Actor, row: Session, changes: Mapping[str, str | None], *, keep: bool) -> dict[str, str]:
    """Read again inside the transaction, so that two merges at once lose nothing."""
    before = dict(Label.objects.filter(session=row).values_list("key", "value"))
    merged = {**before, **changes} if keep else changes
    after = {key: value for key, value in sorted(merged.items()) if value is not None}
    check_labels(after)
    if after != before:
        Label.objects.filter(session=row, key__in=before.keys() - after.keys()).delete()
        changed = [
            Label(session=row, key=key, value=value)
            for key, value in after.items()
            if before.get(key) != value
        ]
        Label.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["session", "key"], update_fields=["value"]
        )
        events.write(row.id, "label", {"labels": after, "by": actor.name})
    return after
