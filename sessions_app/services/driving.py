"""A program's turn at a session: who may, when, for how long, and what it is told when it does not come to it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sessions_app.engine import errors as engine_errors
from sessions_app.engine.errors import EngineError
from sessions_app.models import WhileControlled
from sessions_app.services import errors, lookup
from sessions_app.services.actors import Right

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

    from sessions_app.engine.session import LiveSession
    from sessions_app.models import Session
    from sessions_app.services.actors import Actor

SHORTEST, DEFAULT, LONGEST = 0.1, 60.0, 600.0


@asynccontextmanager
async def turn(
    actor: Actor, session_id: str, seconds: float = DEFAULT
) -> AsyncIterator[tuple[LiveSession, Page]]:
    """The session and its active tab; nobody else's call runs meanwhile.

    `seconds` is all that may pass; waiting in line counts. Raises SessionEnded, Conflict
    (`paused_by_operator` among them), DeadlineExceeded, AutomationUnavailable.
    """
    actor.require(Right.STEER)
    row, live = await lookup.running(actor, session_id)
    _refuse_if_paused(row, live)
    live.touch()
    try:
        async with live.pilot.turn(seconds):
            await _until_nobody_steers(row, live)
            with live.answering.on(*live.open_tabs):
                yield live, await live.pilot.page()
    except errors.ServiceError:
        raise
    except Exception as error:
        if isinstance(error, EngineError) or is_gone(live):
            raise await _told(row, live, error) from error
        raise
    finally:
        live.touch()


def _refuse_if_paused(row: Session, live: LiveSession) -> None:
    holder = live.controller
    if holder and holder.kind == "person" and row.while_controlled == WhileControlled.REFUSE:
        raise errors.Conflict(f"{holder.name} has taken control; wait for it.", code="paused_by_operator")


async def _until_nobody_steers(row: Session, live: LiveSession) -> None:
    # Who waited in line may find that a person was faster.
    _refuse_if_paused(row, live)
    await live.audience.control.until_no_person_holds()


def _hindrance(live: LiveSession) -> str:
    """What kept a call from coming to its end, as far as it is known."""
    holder, dialog = live.controller, live.active.dialog
    if holder and holder.kind == "person":
        return f" {holder.name} has control."
    if live.active.unresponsive:
        return " The page does not respond; open another tab, and close this one."
    return f" A dialog ({dialog.kind}) of the page waits for an answer." if dialog else ""


def is_gone(live: LiveSession) -> bool:
    return live.is_closing or not live.pilot.is_attached


async def _told(row: Session, live: LiveSession, error: Exception) -> errors.ServiceError:
    """What the caller is told of what the engine said."""
    if isinstance(error, engine_errors.DeadlineExceeded):
        await live.active.feel_pulse()
        return errors.DeadlineExceeded(f"{error}{_hindrance(live)}")
    await row.arefresh_from_db(fields=["status", "end_reason"])
    try:
        lookup.live(row)
    except errors.ServiceError as ended:
        return ended
    if isinstance(error, engine_errors.AutomationUnavailable):
        return errors.AutomationUnavailable(str(error))
    if is_gone(live):
        return errors.Conflict("The browser went away before the call was done.", code="browser_unavailable")
    return errors.Conflict(str(error), code="browser_unavailable")
