"""Does steps that were checked, one after the other, and tells how each went."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from sessions_app.engine.automation import settling
from sessions_app.engine.automation.hands import explained
from sessions_app.engine.automation.plain import plain
from sessions_app.engine.errors import EngineError
from sessions_app.services import driving
from sessions_app.services.steps import browser, doing, going, picturing, reading, waiting
from sessions_app.services.steps.outcome import Outcome, StepResult
from sessions_app.services.steps.stage import Stage, StepFailed
from sessions_app.services.steps.vocabulary import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sessions_app.services.steps.vocabulary import Step

    Performer = Callable[[Stage, Step], Awaitable[Any]]

PERFORMERS: dict[str, Performer] = {
    **going.PERFORMERS,
    **doing.PERFORMERS,
    **waiting.PERFORMERS,
    **browser.PERFORMERS,
    **picturing.PERFORMERS,
    **reading.PERFORMERS,
}
TIME_IS_OVER = "the time of the call was over"


async def run(stage: Stage, steps: Sequence[Step], *, stop_on_error: bool) -> Outcome:
    """Those that come after the time is over are not begun; what is there of an earlier navigation is waited for."""
    outcome = Outcome(session_id=stage.live.id)
    with stage.watched():
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, stage.seconds_left)):
                await settling.arrived(stage.tab)
        for step in steps:
            before = stage.navigations
            stage.live.audience.actions += step.action in doing.PERFORMERS
            result = await _perform(stage, step)
            outcome.add(result, is_read=ACTIONS[step.action].reads)
            stage.navigations_before = before
            if not result.success and (stop_on_error or stage.seconds_left <= 0):
                break
    return outcome


async def _perform(stage: Stage, step: Step) -> StepResult:
    began = time.monotonic()
    value, error = await _tried(stage, step)
    return StepResult(
        index=step.index,
        action=step.given,
        success=error is None,
        value=value,
        error=error,
        duration_ms=round((time.monotonic() - began) * 1000, 1),
    )


async def _tried(stage: Stage, step: Step) -> tuple[Any, str | None]:
    """What it gave, or what went wrong; raises what no later step could get over either."""
    try:
        async with asyncio.timeout(max(0.0, stage.seconds_left)) as limit:
            return await PERFORMERS[step.action](stage, step), None
    except TimeoutError:
        if not limit.expired():
            raise
        return None, TIME_IS_OVER
    except StepFailed as failure:
        why = str(failure)
    except (Error, EngineError) as failure:
        if driving.is_gone(stage.live):
            raise
        why = explained(failure) if isinstance(failure, Error) else str(failure)
    return None, TIME_IS_OVER if stage.seconds_left <= 0 else plain(why)
