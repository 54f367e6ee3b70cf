"""The shapes of lists of steps and of how they went."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sessions_app.api.launch_schemas import SessionCreate
from sessions_app.api.schemas import Answer, Request, told
from sessions_app.services import driving
from sessions_app.services.steps.vocabulary import MAX_STEPS, NAMES

_WORD = {"type": "string", "enum": list(NAMES)}
Step = Annotated[
    dict[str, Any],
    told(
        properties={"action": _WORD, "type": _WORD},
        anyOf=[{"required": ["action"]}, {"required": ["type"]}],
        examples=[{"action": "click", "selector": "#send"}, {"action": "getText", "selector": "//h1"}],
    ),
]
Timeout = Annotated[float, Field(ge=driving.SHORTEST, le=driving.LONGEST)]


class StepsRun(Request):
    """`{{name}}` in a step's texts stands for `params.name`; `timeout` is in seconds, those of steps in milliseconds."""

    steps: Annotated[list[Step], told(minItems=1, maxItems=MAX_STEPS)]
    params: dict[str, Any] | None = None
    stop_on_error: bool = True
    timeout: Timeout = driving.DEFAULT


class StepsRunInNew(StepsRun):
    session: SessionCreate = SessionCreate()


class StepResultOut(Answer):
    index: int
    action: str
    success: bool
    value: Any
    error: str | None
    duration_ms: float


class DialogOut(Answer):
    kind: str
    message: str
    answer: Literal["accepted", "dismissed", "left"]


class StepsOut(Answer):
    """`result` is what the last step that reads something gave; steps that were not begun have no result."""

    session_id: str
    success: bool
    results: list[StepResultOut]
    result: Any
    dialogs: list[DialogOut]
