"""What is being served: each request and each socket gets an id, one line in the log, and its place in the metrics."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.decorators import async_only_middleware

from sessions_app.services import meters, trace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
    Scope = Any
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger("quarterdeck.access")

# Anybody may send any method; each would become a series of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HUNG_UP = 499
_QUIET = "/static/"
_SESSION = re.compile(r"/(ses_[\w-]{1,60})(?=/|$)")
_KEY = re.compile(r"(?:bearer\s+)?qd_([0-9a-f]{8})_", re.IGNORECASE)
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@async_only_middleware
def traced(get_response: GetResponse) -> GetResponse:
    async def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        with _tracing(request.path, request.META.get("REMOTE_ADDR", "")) as request_id:
            request.request_id = request_id  # type: ignore[attr-defined]
            try:
                response = await get_response(request)
            except asyncio.CancelledError:
                _note(request, _HUNG_UP, time.perf_counter() - began)
                raise
            response["X-Request-Id"] = request_id
            _note(request, response.status_code, time.perf_counter() - began)
        return response

    return middleware


def traced_socket(application: Application) -> Application:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        began, code = time.perf_counter(), 0

        async def watched(message: Any) -> None:
            nonlocal code
            if message["type"] == "websocket.close":
                code = message.get("code", 1000)
            await send(message)

        with _tracing(scope["path"], (scope.get("client") or ("",))[0]):
            try:
                await application(scope, receive, watched)
            finally:
                route = (
                    _SESSION.sub("/{session_id}", scope["path"]) if _SESSION.search(scope["path"]) else "-"
                )
                seconds = round(time.perf_counter() - began, 3)
                fields = {
                    "route": route,
                    "code": code or "-",
                    "seconds": seconds,
                    "peer": trace.address.get(),
                }
                logger.info("socket", extra={"fields": fields})

    return serve


@contextmanager
def _tracing(path: str, address: str) -> Iterator[str]:
    found = _SESSION.search(path)
    request_id = f"req_{secrets.token_urlsafe(12)}"
    tokens = [
        (trace.request_id, trace.request_id.set(request_id)),
        (trace.address, trace.address.set(address)),
        (trace.session_id, trace.session_id.set(found[1] if found else "")),
    ]
    try:
        yield request_id
    finally:
        for variable, token in tokens:
            variable.reset(token)


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    """The route, never the address as it was asked for: somebody's secret may stand in that."""
    match = request.resolver_match
    route = _shown(match.route) if match else "-"
    method = request.method if request.method in _METHODS else "OTHER"
    meters.requests.labels(method, route, status).inc()
    meters.request_seconds.labels(method, route).observe(seconds)
    if request.path.startswith(_QUIET):
        return
    fields = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "key": _key_prefix(request),
        "peer": trace.address.get(),
    }
    logger.info("request", extra={"fields": fields})


@lru_cache(maxsize=500)
def _shown(route: str) -> str:
    return "/" + _PARAMETER.sub(r"{\1}", route)


def _key_prefix(request: HttpRequest) -> str:
    given = request.headers.get("Authorization") or request.headers.get("X-API-Key") or ""
    found = _KEY.match(given)
    return found[1].lower() if found else ""
