"""Which socket answers at which address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from channels.routing import URLRouter
from django.urls import path

from sessions_app.consumers.cdp import cdp_socket
from sessions_app.consumers.origin import own_origin_only
from sessions_app.consumers.viewer import viewer_socket
from sessions_app.consumers.wall import wall_socket

if TYPE_CHECKING:
    from sessions_app.consumers.origin import Application, Receive, Scope, Send


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """An unknown address is refused before it is accepted (HTTP 403)."""
    await receive()
    await send({"type": "websocket.close"})


def _at(route: str, application: Application) -> Any:
    # The stubs of `path` know views only.
    return path(route, cast("Any", application))


sockets = own_origin_only(
    URLRouter(
        [
            _at("ws/live/<str:session_id>", viewer_socket),
            _at("ws/wall", wall_socket),
            _at("cdp/<str:session_id>", cdp_socket),
            _at("cdp/<str:session_id>/", cdp_socket),
            _at("", nothing_here),
            _at("<path:_>", nothing_here),
        ]
    )
)
