"""A list of steps, in a session that runs or in a new one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.models import EndReason
from sessions_app.services import driving, ending, readiness, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, PageRefused, SessionEnded
from sessions_app.services.steps.vocabulary import checked

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor
    from sessions_app.services.new_session import NewSession
    from sessions_app.services.steps.outcome import Outcome
    from sessions_app.services.steps.vocabulary import Step

# So that a list which takes too long still tells how far it came, before its turn is over.
GRACE = 0.25


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`seconds` are for all of them, and for waiting in line."""

    steps: Sequence[Any]
    params: Mapping[str, Any] | None = None
    stop_on_error: bool = True
    seconds: float = driving.DEFAULT


async def run(actor: Actor, session_id: str, asked: Asked) -> Outcome:
    """Raises Invalid before anything is done, and what `driving.turn` raises."""
    actor.require(Right.STEER)
    todo = checked(asked.steps, asked.params)
    return await _drive(actor, session_id, todo, asked, time.monotonic() + asked.seconds)


async def run_in_new(actor: Actor, session: NewSession, asked: Asked) -> Outcome:
    """The session stays open; unless the caller never learns of it, because something else went wrong.

    On a full server its turn is waited for. Raises Invalid, PageRefused, DeadlineExceeded, AutomationUnavailable, and
    what `sessions.create` raises.
    """
    actor.require(Right.STEER)
    todo = checked(asked.steps, asked.params)
    ends_at = time.monotonic() + asked.seconds
    session_id = (await sessions.create(actor, session)).id
    try:
        await readiness.until_running(actor, session_id, max(0.0, ends_at - time.monotonic()))
        return await _drive(actor, session_id, todo, asked, ends_at)
    except BaseException as error:
        await ending.end(session_id, EndReason.RELEASED)
        if isinstance(error, Conflict | SessionEnded):
            raise PageRefused(str(error)) from error
        raise


async def _drive(
    actor: Actor, session_id: str, todo: Sequence[Step], asked: Asked, ends_at: float
) -> Outcome:
    left = max(driving.SHORTEST, ends_at - time.monotonic())
    async with driving.turn(actor, session_id, left + GRACE) as (live, page):
        # They need Playwright, which is loaded with the first turn of any session.
        from sessions_app.services.steps.running import run as run_steps
        from sessions_app.services.steps.stage import Stage

        stage = Stage(live, page, ends_at=ends_at)
        outcome = await run_steps(stage, todo, stop_on_error=asked.stop_on_error)
        outcome.dialogs = list(live.answering.seen)
        return outcome
