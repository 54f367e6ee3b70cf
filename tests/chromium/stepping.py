"""Steps on a real page, as the services do them, without rows and rights."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sessions_app.services.steps.running import run
from sessions_app.services.steps.stage import Stage
from sessions_app.services.steps.vocabulary import checked

if TYPE_CHECKING:
    from sessions_app.engine.session import LiveSession
    from sessions_app.services.steps.outcome import Outcome

Step = dict[str, Any]


async def do(
    session: LiveSession,
    *steps: Step,
    params: dict[str, Any] | None = None,
    stop_on_error: bool = True,
    seconds: float = 15,
) -> Outcome:
    ends_at = time.monotonic() + seconds
    async with session.pilot.turn(seconds + 1):
        with session.answering.on(session.active):
            stage = Stage(session, await session.pilot.page(), ends_at=ends_at)
            return await run(stage, checked(steps, params), stop_on_error=stop_on_error)


async def well(session: LiveSession, *steps: Step, **more: Any) -> Any:
    """All of them, which must go well; what the last one that reads something gave."""
    outcome = await do(session, *steps, **more)
    assert outcome.success, outcome.results
    return outcome.result


async def error(session: LiveSession, *steps: Step, **more: Any) -> str:
    """What the last of them said, which must fail alone."""
    outcome = await do(session, *steps, **more)
    *before, last = outcome.results
    assert all(result.success for result in before), outcome.results
    assert last.error, outcome.results
    return last.error


OUT = {"action": "evaluate", "function": "out.innerText.trim()"}


def step(action: str, selector: str = "", **fields: Any) -> Step:
    return {"action": action, **({"selector": selector} if selector else {}), **fields}
