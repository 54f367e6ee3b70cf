"""The API put together: its resources, its parser and its errors."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from sessions_app.api import (
    audit,
    cdp,
    control,
    events,
    files,
    functions,
    inspection,
    keys,
    labels,
    links,
    one_shots,
    pressure,
    projects,
    sessions,
    steps,
    tabs,
    viewing,
)
from sessions_app.api.auth import AUTH, refusal
from sessions_app.api.described import describe_problems
from sessions_app.api.problems import of_service_error, of_status, problem
from sessions_app.api.strict import NUL_ESCAPED, refuse_nul, refuse_unknown_queries
from sessions_app.services.errors import DatabaseUnavailable, ServiceError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from ninja.openapi.schema import OpenAPISchema
    from ninja.operation import Operation


logger = logging.getLogger(__name__)


class _Parser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        # Django looks at the announced length only, and a chunked body announces none.
        if len(request.body) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
            raise RequestDataTooBig
        body = orjson.loads(request.body)
        if NUL_ESCAPED in request.body:
            refuse_nul(body)
        return body


class _Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class _Api(NinjaAPI):
    _schema: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Made once, for it takes tens of milliseconds."""
        if self._schema is None:
            self._schema = self._make_schema(**options)
        return self._schema

    def _make_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        describe_problems(schema)
        return schema


api = _Api(
    title="Quarterdeck",
    version="1",
    description="Live browser sessions: start, watch, steer and release them.",
    urls_namespace="api",
    auth=AUTH,
    parser=_Parser(),
    renderer=_Renderer(),
)
for resource in (
    sessions,
    labels,
    tabs,
    events,
    files,
    functions,
    one_shots,
    steps,
    inspection,
    links,
    control,
    viewing,
    pressure,
    keys,
    projects,
    audit,
):
    refuse_unknown_queries(resource.router)
    api.add_router("", resource.router)

cdp_urls = [
    path(f"<str:session_id>/json{name}{slash}", view)
    for name, view in (("/version", cdp.version), ("/list", cdp.targets), ("", cdp.targets))
    # Playwright asks with a slash, others without; a redirect would lose some of them their token.
    for slash in ("", "/")
]


@api.exception_handler(ServiceError)
def service_error(request: HttpRequest, error: ServiceError) -> HttpResponse:
    return of_service_error(request, error)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_silent(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    logger.error("The database does not answer.", exc_info=error)
    return of_service_error(request, DatabaseUnavailable())


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return of_service_error(request, refusal(request))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return of_status(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework wraps whatever the parser raises."""
    if isinstance(error.__cause__, RequestDataTooBig):
        return too_large(request, error.__cause__)
    if isinstance(error.__cause__, ServiceError):
        return of_service_error(request, error.__cause__)
    return problem(
        request, HTTPStatus(error.status_code), code="malformed_json", detail="The body is not JSON."
    )


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": _path(found["loc"]), "detail": found["msg"]} for found in error.errors]
    detail = "; ".join(f"{found['field']}: {found['detail']}" for found in fields)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(request, status, code="invalid_request", detail=detail, fields=fields)


def _path(location: tuple[str | int, ...]) -> str:
    """The place as the caller knows it, without the source and the name of our parameter, which is the same word."""
    source, *parts = location
    if len(parts) > 1 and parts[0] == source:
        parts = parts[1:]
    return ".".join(map(str, parts))
