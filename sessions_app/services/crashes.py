"""What becomes of a session whose browser died: its end, or another browser at the same address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app import runtime
from sessions_app.engine.address import check_address
from sessions_app.engine.errors import AddressRefused, EngineError
from sessions_app.models import EndReason, Event, OnCrash, Session, SessionStatus
from sessions_app.services import ending, events, launches, lookup
from sessions_app.services.facts import cpu_seconds, flushed, keep_earlier, moment
from sessions_app.services.starting import spec_of

if TYPE_CHECKING:
    from sessions_app.engine.config import LaunchSpec
    from sessions_app.engine.events import BrowserGone
    from sessions_app.engine.session import LiveSession

MAX_RESTARTS = 3
WITHIN = timedelta(minutes=10)
_RESTARTED = "restarted"


async def browser_gone(gone: BrowserGone) -> None:
    """May be called again with the same, when the database did not answer."""
    row = await Session.objects.filter(pk=gone.session_id, status=SessionStatus.RUNNING).afirst()
    if row is None or row.on_crash != OnCrash.RESTART:
        await _end(gone)
    elif await _restarts_of_late(row) >= MAX_RESTARTS:
        minutes = WITHIN.seconds // 60
        await _end(gone, f"It had been started again {MAX_RESTARTS} times within {minutes} minutes.")
    else:
        await _restart(row, gone)


async def _end(gone: BrowserGone, *more: str) -> None:
    await ending.end(gone.session_id, EndReason(gone.reason), " ".join([gone.detail, *more]).strip())


async def _restarts_of_late(row: Session) -> int:
    entries = Event.objects.filter(session=row, kind="lifecycle", at__gt=timezone.now() - WITHIN)
    return await entries.filter(data__what=_RESTARTED).acount()


async def _restart(row: Session, gone: BrowserGone) -> None:
    with launches.under_way(row.id):
        try:
            again = await runtime.engine().launch(await _put_away(row))
        except EngineError as error:
            await _end(gone, f"It could not be started again: {error}")
            return
        try:
            goes_on = await sync_to_async(_mark_restarted)(row.id, again)
        except BaseException:
            await again.aclose(restarting=True)
            raise
        if not goes_on:
            await again.aclose()


async def _put_away(row: Session) -> LaunchSpec:
    """Closes what is left of the browser; returns how to launch one that goes on where it was."""
    live = lookup.live_or_none(row.id)
    known = flushed(live) if live else {}
    if live:
        await live.aclose(restarting=True)
        known["cpu_seconds"] = await sync_to_async(cpu_seconds)(live)
        await Session.objects.filter(pk=row.pk, status=SessionStatus.RUNNING).aupdate(**known)
    for field, value in known.items():
        setattr(row, field, value)
    keep_earlier(row)
    lived = (timezone.now() - (row.started_at or row.created_at)).total_seconds()
    spec = replace(await spec_of(row), url=_last_address(row), lived=max(0.0, lived))
    return replace(spec, viewport=live.viewport) if live else spec


def _last_address(row: Session) -> str:
    """A browser may have been at what nobody may ask for, such as its own page of an error."""
    try:
        return check_address(row.url)
    except AddressRefused:
        return "about:blank"


@transaction.atomic
def _mark_restarted(session_id: str, again: LiveSession) -> bool:
    rows = Session.objects.filter(pk=session_id, status=SessionStatus.RUNNING)
    if not rows.update(restarts=F("restarts") + 1, expires_at=moment(again.expires_at)):
        return False
    events.write(session_id, "lifecycle", {"what": _RESTARTED})
    return True
