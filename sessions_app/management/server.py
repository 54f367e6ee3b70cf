"""Daphne on uvloop, whose shutdown waits for the host."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvloop

from sessions_app.consumers.backlog import EXTENSION, Backlog
from sessions_app.management import autobahn_light

autobahn_light.prepare()
# Daphne makes its reactor's loop when it is imported.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

from daphne import http_protocol  # noqa: E402
from daphne.server import Server, twisted_loop  # noqa: E402
from twisted.internet.abstract import FileDescriptor  # noqa: E402
from twisted.internet.defer import Deferred  # noqa: E402

from sessions_app.management import bodies  # noqa: E402

autobahn_light.tidy()
http_protocol.WebRequest = bodies.BoundedRequest

if TYPE_CHECKING:
    from sessions_app.host import Host

loop: asyncio.AbstractEventLoop = twisted_loop

# A frame of text is a little larger than Twisted's own limit, and would go out in two turns of the loop.
FileDescriptor.SEND_LIMIT = 1 << 20

CDP_MESSAGE_MAX = 64 << 20
# A peer that vanished without a word is noticed within 15 seconds.
PING_INTERVAL = 5
PING_TIMEOUT = 10
CANCEL_LIMIT = 2.0


class HostedServer(Server):  # type: ignore[misc]
    """On SIGTERM the host ends the sessions first, while sockets still carry the news, then the sockets are closed."""

    def __init__(self, host: Host, application: Any, **options: Any) -> None:
        super().__init__(
            bodies.with_bodies(application),
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            websocket_max_message_size=CDP_MESSAGE_MAX,
            websocket_max_frame_size=CDP_MESSAGE_MAX,
            server_name="quarterdeck",
            **options,
        )
        self._host = host
        self._valves = bodies.Valves()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})[EXTENSION] = _watched(protocol.transport)
        else:
            bodies.set_aside(protocol, scope)
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        connection = self.connections.get(protocol, {"disconnected": True})
        if not connection.get("disconnected"):
            self._valves.before(protocol, message)
        await super().handle_reply(protocol, message)
        await self._valves.after(protocol)

    def protocol_disconnected(self, protocol: Any) -> None:
        self._valves.forget(protocol)
        super().protocol_disconnected(protocol)

    def kill_all_applications(self) -> Deferred[None]:
        return Deferred.fromFuture(loop.create_task(self._shut_down()))

    async def _shut_down(self) -> None:
        await self._host.stop()
        found = [details.get("application_instance") for details in self.connections.values()]
        applications = [application for application in found if application is not None]
        for application in applications:
            application.cancel()
        if applications:
            # A launch that is cut off closes its browser on the way out.
            await asyncio.wait(applications, timeout=CANCEL_LIMIT)


def _watched(transport: Any) -> Backlog:
    """Says when more waits in the transport than the kernel takes (64 KiB), until all of it is gone."""
    backlog = Backlog()
    # Of the HTTP channel, which has no requests any more.
    transport.unregisterProducer()
    transport.registerProducer(_Watch(transport, backlog), True)
    return backlog


class _Watch:
    """What Twisted calls a streaming producer."""

    def __init__(self, transport: Any, backlog: Backlog) -> None:
        self._transport = transport
        self._backlog = backlog

    def pauseProducing(self) -> None:
        self._backlog.fill()

    def resumeProducing(self) -> None:
        self._backlog.make_room()
        if self._transport.disconnecting:
            # It was asked to close meanwhile, and closes only when it writes for the last time.
            self._transport.startWriting()

    def stopProducing(self) -> None:
        self._backlog.make_room()
