"""How pages answer: in the house's frame, and what a service refused as a page, a line or problem+json."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sessions_app.models import EndReason
from sessions_app.services import errors, meters
from sessions_app.services.alerts import alerts
from sessions_app.services.ending import FAREWELLS

if TYPE_CHECKING:
    from django.http import HttpRequest

_TEMPLATES = {HTTPStatus.FORBIDDEN: "403.html", HTTPStatus.NOT_FOUND: "404.html"}
_TITLES: dict[type[errors.ServiceError], str] = {
    errors.NotFound: "Link not known",
    errors.SessionEnded: "Session ended",
    errors.LinkGone: "Link no longer valid",
    errors.Conflict: "Not ready yet",
}


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Nothing of it is kept by a browser: a page may show addresses that let whoever has them in."""
    actor = getattr(request, "actor", None)
    frame = {
        "actor": actor,
        "projects": getattr(request, "projects", []),
        "now": timezone.now(),
        "alerts": partial(alerts, actor) if actor else [],
        "unsandboxed": settings.QUARTERDECK_NO_SANDBOX,
    }
    response = render(request, template, {**frame, **(context or {})}, status=status)
    response["Cache-Control"] = "no-store"
    # With none at all a browser sends its forms with `Origin: null`, which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    return response


def failure(request: HttpRequest, error: errors.ServiceError) -> HttpResponse:
    """A fragment's request gets one line, which the page that asked shows in its own place."""
    meters.problems.labels(error.code).inc()
    status = error.status
    if request.headers.get("HX-Request"):
        return HttpResponse(error.detail, status=status, content_type="text/plain; charset=utf-8")
    template = _TEMPLATES.get(status, "error.html")
    return page(request, template, {"title": status.phrase, "detail": error.detail}, status=status)


def problem(status: HTTPStatus, *, code: str, title: str, detail: str) -> HttpResponse:
    meters.problems.labels(code).inc()
    body = {"type": "about:blank", "title": title, "status": status.value, "detail": detail, "code": code}
    return _json(body, status=status, content_type="application/problem+json")


def problem_of(error: errors.ServiceError) -> HttpResponse:
    status = error.status
    title = next((title for kind, title in _TITLES.items() if isinstance(error, kind)), status.phrase)
    return problem(status, code=error.code, title=title, detail=_in_words(error))


def _in_words(error: errors.ServiceError) -> str:
    if isinstance(error, errors.SessionEnded) and error.reason:
        return FAREWELLS[EndReason(error.reason)]
    return error.detail


def json(body: Any) -> HttpResponse:
    return _json(body, status=HTTPStatus.OK, content_type="application/json")


def _json(body: Any, *, status: HTTPStatus, content_type: str) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), status=status, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response
