"""Errors as problem+json."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpResponse

from sessions_app.services import errors, meters

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CONTENT_TYPE = "application/problem+json"
PATHS = ("/api/", "/cdp/")
# For what Django answers by itself.
_DETAILS = {
    HTTPStatus.BAD_REQUEST: ("bad_request", "The request cannot be understood."),
    HTTPStatus.FORBIDDEN: ("forbidden", "This is not allowed."),
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address does not take this method."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body_too_large", "The body is larger than may be."),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "internal_error",
        "Something broke here; the log says more of this request.",
    ),
}


def problem(
    request: HttpRequest,
    status: HTTPStatus,
    *,
    code: str,
    detail: str,
    fields: list[dict[str, str]] | None = None,
) -> HttpResponse:
    meters.problems.labels(code).inc()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    if fields is not None:
        body["errors"] = fields
    return HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)


def of_service_error(request: HttpRequest, error: errors.ServiceError) -> HttpResponse:
    fields = None
    detail = error.detail
    if isinstance(error, errors.Invalid):
        fields = [{"field": error.field, "detail": error.detail}]
        detail = f"{error.field}: {error.detail}"
    response = problem(request, error.status, code=error.code, detail=detail, fields=fields)
    if isinstance(error, errors.QuotaExceeded | errors.DatabaseUnavailable):
        response["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unauthenticated):
        response["WWW-Authenticate"] = "Bearer"
    return response


def of_status(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    code, detail = _DETAILS.get(status, ("error", status.phrase))
    return problem(request, status, code=code, detail=detail)


def wants_problem(request: HttpRequest, response: HttpResponseBase) -> bool:
    is_problem = response.get("Content-Type", "").startswith(CONTENT_TYPE)
    return (
        response.status_code >= HTTPStatus.BAD_REQUEST and request.path.startswith(PATHS) and not is_problem
    )


def as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """The same answer with another body: its headers (policies, Allow) stay."""
    mended = of_status(request, HTTPStatus(response.status_code))
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length"):
            mended[name] = value
    return mended
