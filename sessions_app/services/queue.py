"""The queue of a full server: rows that wait, oldest first, until a place is free or their time is up."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import HOLDING, EndReason, Session, SessionStatus
from sessions_app.services import ending, events, launches, nodes, starting
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

# For places that another process freed, and for those whose time is up; this process rings.
LOOK_AGAIN = 1.0


async def work() -> None:
    """Starts who waits on this node as soon as it may, until cancelled; what it was starting then waits again."""
    async with asyncio.TaskGroup() as group:
        with launches.bell() as rung:
            while True:
                rung.clear()
                is_empty = await _turn(group)
                with suppress(TimeoutError):
                    async with asyncio.timeout(None if is_empty else LOOK_AGAIN):
                        await rung.wait()


async def give_up(rows: QuerySet[Session]) -> int:
    """Ends those of the queued `rows` that have waited as long as they may; how many."""
    limit = settings.QUARTERDECK_QUEUE_TIMEOUT
    late = rows.filter(status=SessionStatus.QUEUED, created_at__lte=timezone.now() - timedelta(seconds=limit))
    found = [row async for row in late.order_by("created_at", "id").values_list("pk", "created_at")]
    for session_id, since in found:
        waited = (timezone.now() - since).total_seconds()
        await ending.end(
            session_id, EndReason.LAUNCH_FAILED, f"No place became free; it waited {waited:.0f} seconds."
        )
    return len(found)


async def _turn(group: asyncio.TaskGroup) -> bool:
    """True when nobody is left waiting."""
    try:
        here = Session.objects.filter(node=nodes.current())
        await give_up(here)
        waiting = here.filter(status=SessionStatus.QUEUED)
        free = runtime.engine().config.max_sessions - await here.filter(status__in=HOLDING).acount()
        first = [row async for row in waiting.order_by("created_at", "id")[: max(0, free)]]
        await _start(group, first)
        return not await waiting.aexists()
    except Exception:
        logger.exception("The queue could not be looked through; the next try is due in %.0f s.", LOOK_AGAIN)
        return False


async def _start(group: asyncio.TaskGroup, rows: Iterable[Session]) -> None:
    for row in rows:
        claimed = asyncio.Event()
        group.create_task(_launch(row, claimed))
        # One after the other, so that the next look counts them.
        await claimed.wait()


async def _launch(row: Session, claimed: asyncio.Event) -> None:
    with launches.under_way(row.id):
        try:
            is_ours = await sync_to_async(_claim)(row)
            claimed.set()
            if is_ours:
                await starting.launch(row)
        except asyncio.CancelledError:
            await asyncio.shield(_put_back(row))
            raise
        except ServiceError as error:
            logger.info("%s, which had waited, did not start: %s", row.id, error.detail)
        except Exception:
            logger.exception("%s, which had waited, could not be started.", row.id)
        finally:
            claimed.set()


@transaction.atomic
def _claim(row: Session) -> bool:
    rows = Session.objects.filter(pk=row.pk, status=SessionStatus.QUEUED)
    if not rows.update(status=SessionStatus.STARTING):
        return False
    row.status = SessionStatus.STARTING
    events.write(row.id, "lifecycle", {"status": row.status})
    return True


async def _put_back(row: Session) -> None:
    """This server stops before the browser runs: the next one starts it."""
    try:
        await sync_to_async(_unclaim)(row)
    except Exception:
        logger.exception("%s could not be put back into the queue.", row.id)


@transaction.atomic
def _unclaim(row: Session) -> None:
    rows = Session.objects.filter(pk=row.pk, status=SessionStatus.STARTING)
    if rows.update(status=SessionStatus.QUEUED):
        events.write(row.id, "lifecycle", {"status": SessionStatus.QUEUED})
