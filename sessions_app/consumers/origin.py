"""Who may open a socket at all: the Host must be ours, and an Origin, when there is one, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Scope = Any
    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> str | None:
    """A request header's value; None when it is absent."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin1")
            return text
    return None


def is_ours(scope: Scope) -> bool:
    host = header(scope, b"host") or ""
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = header(scope, b"origin")
    return origin in (None, f"http://{host}", f"https://{host}", *settings.CSRF_TRUSTED_ORIGINS)


def own_origin_only(application: Application) -> Application:
    """Refuses a socket with a foreign Host or Origin before it is accepted (HTTP 403)."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        # No id has a NUL in it, and PostgreSQL takes none.
        if is_ours(scope) and "\0" not in scope["path"]:
            await application(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close"})

    return guarded
