"""One verb for many chosen sessions: each has its own outcome, and one that fails stops no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.models import Session
from sessions_app.services import labels, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import ServiceError
from sessions_app.services.new_session import check_labels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sessions_app.services.actors import Actor


@dataclass(frozen=True)
class Failure:
    session_id: str
    name: str
    why: str


async def release(actor: Actor, ids: Collection[str]) -> list[Failure]:
    """Releases all of them at once; whichever could not be."""
    results = await sessions.release_many(actor, ids=list(dict.fromkeys(ids)))
    refused = {
        one.id: one.detail or f"It is still {one.status.value if one.status else 'there'}."
        for one in results
        if not one.released
    }
    return await _failures(actor, refused)


async def label(actor: Actor, ids: Collection[str], changes: Mapping[str, str | None]) -> list[Failure]:
    """Sets labels, or removes those whose value is None; Invalid when no session could have them."""
    actor.require(Right.CHANGE)
    check_labels({key: value or "" for key, value in changes.items()})
    refused = {}
    for session_id in dict.fromkeys(ids):
        try:
            await labels.merge(actor, session_id, labels=changes)
        except ServiceError as error:
            refused[session_id] = error.detail
    return await _failures(actor, refused)


async def _failures(actor: Actor, refused: Mapping[str, str]) -> list[Failure]:
    """By the names that people know them by."""
    if not refused:
        return []
    rows = Session.objects.filter(pk__in=refused, project_id=actor.project_id)
    names = {key: name or title async for key, name, title in rows.values_list("pk", "name", "title")}
    return [Failure(key, names.get(key) or key, why) for key, why in refused.items()]
