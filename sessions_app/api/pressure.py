"""How full the server is."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from sessions_app.api import schemas
from sessions_app.api.answers import answer
from sessions_app.api.auth import ApiRequest
from sessions_app.services import pressure

router = Router(tags=["server"])


@router.get("/pressure", response=schemas.PressureOut, summary="How full the server is")
async def get_pressure(request: ApiRequest) -> HttpResponse:
    return answer(schemas.PressureOut, await pressure.read(request.auth))
