"""The control lease: who steers a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Router, Status

from sessions_app.api import schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import control

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder

router = Router(tags=["control"])


@router.get("/sessions/{session_id}/control", response=schemas.ControlOut, summary="Who holds control")
async def get_control(request: ApiRequest, session_id: str) -> dict[str, Holder | None]:
    return {"holder": await control.holder(request.auth, session_id)}


@router.post("/sessions/{session_id}/control", response=schemas.ControlOut, summary="Take control")
async def take_control(
    request: ApiRequest, session_id: str, body: schemas.ControlTake | None = None
) -> dict[str, Holder | None]:
    force = body.force if body else False
    return {"holder": await control.take(request.auth, session_id, force=force)}


@router.delete("/sessions/{session_id}/control", response={204: None}, summary="Give control back")
async def give_back_control(request: ApiRequest, session_id: str) -> Status[None]:
    await control.give_back(request.auth, session_id)
    return Status(204, None)
