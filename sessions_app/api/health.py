"""`/healthz`, for whatever keeps the server running."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from sessions_app.services.health import doctor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
async def healthz(request: HttpRequest) -> HttpResponse:
    report = await doctor.check()
    body = {
        "status": "ok" if report.ok else "failing",
        "checks": {name: check.as_json() for name, check in report.checks.items()},
    }
    status = HTTPStatus.OK if report.ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
