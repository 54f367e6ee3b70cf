"""Lists of steps: checked as a whole, then done one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Router

from sessions_app.api import steps_schemas as schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.api.launch_schemas import new_session
from sessions_app.services.steps import calls

if TYPE_CHECKING:
    from sessions_app.services.steps.outcome import Outcome

router = Router(tags=["steps"])


@router.post("/sessions/{session_id}/steps", response=schemas.StepsOut, summary="Do a list of steps")
async def run_steps(request: ApiRequest, session_id: str, body: schemas.StepsRun) -> Outcome:
    """In the active tab. 200 also when a step failed: `success` is false then, and `results` says which and why."""
    return await calls.run(request.auth, session_id, _asked(body))


@router.post("/steps", response=schemas.StepsOut, summary="Do a list of steps in a new session")
async def run_steps_in_new_session(request: ApiRequest, body: schemas.StepsRunInNew) -> Outcome:
    """`session` takes what `POST /sessions` takes. The session stays open, whatever the steps came to."""
    return await calls.run_in_new(request.auth, new_session(body.session), _asked(body))


def _asked(body: schemas.StepsRun) -> calls.Asked:
    return calls.Asked(
        steps=body.steps, params=body.params, stop_on_error=body.stop_on_error, seconds=body.timeout
    )
