"""Django's handler, with a few threads, a few turns and a short way for programs.

Django gives each request a thread of its own, in which its connection to the database is new, and starts a second one
to wait for the end of the first. All that takes longer than answering; and in a rush hundreds of threads would take
their turns from the event loop, on which the live views are.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections, reset_queries
from django.urls import set_script_prefix
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from django.core.handlers.asgi import ASGIRequest
    from django.http.response import HttpResponseBase

# As many may wait for the database or hash a password before somebody else's request has to wait for them.
THREADS = 16

# As many are worked on at a time: what the live views need to do comes in between, however many wait.
TURNS = 2
# Seconds; a request that takes longer waits for something, and somebody else may have its turn.
TURN = 0.05

_KEYS = {b"authorization", b"x-api-key"}

# What they do before a request has been done after the one before; without them nothing takes a thread for it.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)


@dataclass
class Thread:
    """Started when it is first needed."""

    context: ThreadSensitiveContext = field(default_factory=ThreadSensitiveContext)
    requests: int = 0


class Turn:
    """Taken by one request; given back at its end, or when it has had its time."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._is_mine = False

    async def __aenter__(self) -> None:
        await self._turns.acquire()
        self._is_mine = True
        self._over = asyncio.get_running_loop().call_later(TURN, self._give_back)

    async def __aexit__(self, *_: object) -> None:
        self._over.cancel()
        self._give_back()

    def _give_back(self) -> None:
        if self._is_mine:
            self._is_mine = False
            self._turns.release()


class Handler(ASGIHandler):
    """Each request is served by the thread that serves the fewest, when it is its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = [Thread() for _ in range(THREADS)]
        self._turns = asyncio.Semaphore(TURNS)
        self._keeps_connections = connections.settings[DEFAULT_DB_ALIAS]["CONN_MAX_AGE"] is None

    def load_middleware(self, is_async: bool = False) -> None:
        """A program's request passes only what concerns it: half of the others' work is for pages and logins."""
        super().load_middleware(is_async)
        for_all: Any = self._middleware_chain  # type: ignore[has-type]
        for_programs: Any = convert_exception_to_response(
            self._get_response_async  # type: ignore[attr-defined]
        )
        for path in reversed(settings.PROGRAM_MIDDLEWARE):
            for_programs = convert_exception_to_response(import_string(path)(for_programs))

        async def chain(request: ASGIRequest) -> HttpResponseBase:
            response: HttpResponseBase = await (for_programs if _shows_a_key(request.scope) else for_all)(
                request
            )
            return response

        self._middleware_chain = chain

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with Turn(self._turns):
            await self._serve(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        if _shows_a_key(scope):
            await self._answer(scope, receive, send)
        else:
            await super().handle(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        """A program's request; while it is read nobody need listen whether the program is still there, for that is short."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        set_script_prefix(get_script_prefix(scope))
        await request_started.asend(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal
        if request is not None:
            work = self.run_get_response(request)
            response = await (work if scope["method"] == "GET" else self._unless_they_leave(work, receive))
        if response is None:
            await request_finished.asend(sender=self.__class__)
            body.close()
            return
        try:
            await (
                self._stream(response, receive, send)
                if response.streaming
                else self.send_response(response, send)
            )
        finally:
            await self._close(response)
            body.close()

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Until it ends or its reader goes."""
        await self._unless_they_leave(self.send_response(response, send), receive)

    async def _unless_they_leave(self, work: Coroutine[Any, Any, Any], receive: Any) -> Any:
        """What comes of it; None, and it is cancelled, when the client hangs up."""
        async with asyncio.TaskGroup() as group:
            working = group.create_task(work)
            listening = group.create_task(self._hung_up(receive, working))
            await asyncio.wait([working])
            listening.cancel()
        return None if working.cancelled() else working.result()

    async def _hung_up(self, receive: Any, working: asyncio.Task[Any]) -> None:
        try:
            await self.listen_for_disconnect(receive)
        except RequestAborted:
            working.cancel()

    async def _close(self, response: Any) -> None:
        """In the thread with the connection only where something is to be done to that."""
        if self._keeps_connections and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            response.close()
        else:
            await sync_to_async(response.close)()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        thread = min(self._threads, key=lambda thread: thread.requests)
        thread.requests += 1
        token = SyncToAsync.thread_sensitive_context.set(thread.context)
        try:
            await self.handle(scope, receive, send)
        finally:
            thread.requests -= 1
            SyncToAsync.thread_sensitive_context.reset(token)


def _shows_a_key(scope: Any) -> bool:
    """A program's request: with a key, and no login that it might fall back on."""
    names = {name for name, _ in scope["headers"]}
    return bool(names & _KEYS) and b"cookie" not in names and scope["path"].startswith("/api/")
