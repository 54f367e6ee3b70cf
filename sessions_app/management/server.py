"""Daphne on uvloop, whose shutdown waits for the host."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvloop

from sessions_app.management import autobahn_light

autobahn_light.prepare()
# Daphne makes its reactor's loop when it is imported.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

from daphne.server import Server, twisted_loop  # noqa: E402
from twisted.internet.abstract import FileDescriptor  # noqa: E402
from twisted.internet.defer import Deferred  # noqa: E402

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

    def __init__(self, host: Host, **options: Any) -> None:
        super().__init__(
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            websocket_max_message_size=CDP_MESSAGE_MAX,
            websocket_max_frame_size=CDP_MESSAGE_MAX,
            server_name="quarterdeck",
            **options,
        )
        self._host = host

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
