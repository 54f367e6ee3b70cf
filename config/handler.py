"""Django's handler, with a few threads and database connections for all requests.

Django gives each request a thread of its own, in which its connection to the database is new, and starts a second one
to wait for the end of the first. All that takes longer than answering; and in a rush hundreds of threads would take
their turns from the event loop, on which the live views are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

if TYPE_CHECKING:
    from typing import Any

# As many may wait for the database or hash a password before somebody else's request has to wait for them.
THREADS = 16

# What they do before a request has been done after the one before; without them nothing takes a thread for it.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)


@dataclass
class Thread:
    """Started when it is first needed."""

    context: ThreadSensitiveContext = field(default_factory=ThreadSensitiveContext)
    requests: int = 0


class Handler(ASGIHandler):
    """Each request is served by the thread that serves the fewest."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = [Thread() for _ in range(THREADS)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = min(self._threads, key=lambda thread: thread.requests)
        thread.requests += 1
        token = SyncToAsync.thread_sensitive_context.set(thread.context)
        try:
            await self.handle(scope, receive, send)
        finally:
            thread.requests -= 1
            SyncToAsync.thread_sensitive_context.reset(token)
