"""Django's handler, with threads and database connections that outlive a request.

Django gives each request a thread of its own, in which its connection to the database is new, and starts a second one
to wait for the end of the first. All that takes longer than answering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, connections, reset_queries

if TYPE_CHECKING:
    from typing import Any

# More than are in use at a time, except in a rush.
KEPT = 8

# What they do before a request has been done after the one before; without them nothing takes a thread for it.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)


class Handler(ASGIHandler):
    """One thread a request still, so that what one waits for keeps no other waiting; then the next has it."""

    def __init__(self) -> None:
        super().__init__()
        self._idle: list[ThreadSensitiveContext] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = self._idle.pop() if self._idle else ThreadSensitiveContext()
        token = SyncToAsync.thread_sensitive_context.set(thread)
        try:
            await self.handle(scope, receive, send)
        finally:
            if len(self._idle) < KEPT:
                self._idle.append(thread)
            else:
                await self._end(thread)
            SyncToAsync.thread_sensitive_context.reset(token)

    async def _end(self, thread: ThreadSensitiveContext) -> None:
        await sync_to_async(connections.close_all)()
        executor = SyncToAsync.context_to_thread_executor.pop(thread, None)
        if executor:
            executor.shutdown(wait=False)
