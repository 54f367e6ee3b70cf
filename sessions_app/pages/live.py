"""The page behind a resource_url or a live link: the live view alone, without a login."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sessions_app.pages.answers import json, page, problem, problem_of
from sessions_app.services import links
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MAX_BODY = 4096


@require_safe
async def show(request: HttpRequest, link_id: str) -> HttpResponse:
    """The same for every id: only the token, which the page sends by itself, tells whether there is anything."""
    response = page(request, "live.html", {"link_id": link_id})
    response["Referrer-Policy"] = "no-referrer"
    return response


# A foreign page cannot send JSON here without a preflight, and there is no cookie that it could ride on.
@csrf_exempt
@require_POST
async def ticket(request: HttpRequest, link_id: str) -> HttpResponse:
    if request.content_type != "application/json":
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the token as JSON.")
    if len(request.body) > MAX_BODY:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than may be.")
    token = _token_in(request.body)
    if token is None:
        return _refused(HTTPStatus.BAD_REQUEST, 'The body is to be {"token": "…"}.')
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        made = await links.exchange(link_id, token, base_url=origin)
    except ServiceError as error:
        return problem_of(error)
    return json({"url": made.url, "role": made.role, "expires_in": made.expires_in})


def _token_in(body: bytes) -> str | None:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    token = given.get("token") if isinstance(given, dict) else None
    return token if isinstance(token, str) else None


def _refused(status: HTTPStatus, detail: str) -> HttpResponse:
    return problem(status, code="invalid_request", title=status.phrase, detail=detail)
