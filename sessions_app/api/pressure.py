"""How full the server is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Router

from sessions_app.api import schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import pressure

if TYPE_CHECKING:
    from sessions_app.services.pressure import Pressure

router = Router(tags=["server"])


@router.get("/pressure", response=schemas.PressureOut, summary="How full the server is")
async def get_pressure(request: ApiRequest) -> Pressure:
    return await pressure.read(request.auth)
