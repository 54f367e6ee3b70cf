"""A timeline as it grows: read from the database, so that nothing is lost between a list and a stream."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session as LoginSession
from django.db import close_old_connections, connections
from django.utils import timezone

from sessions_app.models import ENDED, ApiKey, Membership, Session
from sessions_app.services import events, lookup, readers
from sessions_app.services.errors import QuotaExceeded
from sessions_app.services.tokens import standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from sessions_app.models import Event
    from sessions_app.services.actors import Actor
    from sessions_app.services.readers import Reader

# For what other processes wrote, in seconds; what this one writes wakes its readers at once.
LOOK_EVERY = 1.0
SILENCE = 15.0
BATCH = 200
RETRY_AFTER = 5
# All streams read in a thread of their own: each request's own thread would hold a connection for as long as it reads.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="streams")


@dataclass(frozen=True)
class _Look:
    entries: list[Event]
    has_ended: bool
    may_read: bool


async def follow(
    actor: Actor,
    session_id: str,
    *,
    after: int | None = None,
    kinds: Collection[str] = (),
    login: str | None = None,
) -> Stream:
    """`login` is the key of the login's session that a person came by. Raises NotFound, QuotaExceeded (`too_many_streams`)."""
    found = await lookup.row(actor, session_id)
    # Its thread gives the connection back when a request ends, and this one may go on for hours.
    await sync_to_async(connections.close_all)()
    reader = readers.join(found.id)
    if reader is None:
        why = f"{readers.MAX_READERS} streams read this timeline, as many as may."
        raise QuotaExceeded(why, retry_after=RETRY_AFTER, code="too_many_streams")
    return Stream(actor, reader, after or 0, kinds, login)


class Stream:
    """Entries in batches, as they come; an empty batch says that nothing came for a while.

    Ends after the session's last entry, or when the actor may no longer read; `close` is for one that was never begun.
    """

    def __init__(
        self, actor: Actor, reader: Reader, after: int, kinds: Collection[str], login: str | None
    ) -> None:
        self._actor = actor
        self._reader = reader
        self._after = after
        self._kinds = kinds
        self._login = login
        self._said = asyncio.get_running_loop().time()

    def __repr__(self) -> str:
        return f"<Stream of {self._reader.session_id} after {self._after}>"

    def close(self) -> None:
        readers.leave(self._reader)

    async def __aiter__(self) -> AsyncIterator[list[Event]]:
        try:
            while True:
                # Before the look: what is written during it wakes us again.
                self._reader.woken.clear()
                look = await sync_to_async(self._look, thread_sensitive=False, executor=_thread)()
                if not look.may_read:
                    return
                if look.entries or self._was_silent():
                    self._said = asyncio.get_running_loop().time()
                    yield look.entries
                if len(look.entries) < BATCH:
                    if look.has_ended:
                        return
                    await self._wait()
        finally:
            self.close()

    def _was_silent(self) -> bool:
        return asyncio.get_running_loop().time() - self._said >= SILENCE

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._reader.woken.wait()
        except TimeoutError:
            pass

    def _look(self) -> _Look:
        close_old_connections()
        try:
            session_id = self._reader.session_id
            # First: a session that has ended by now has its last entry in what is read next.
            has_ended = not Session.objects.filter(pk=session_id).exclude(status__in=ENDED).exists()
            entries = events.of_session(session_id, after=self._after, kinds=self._kinds)
            look = _Look(list(entries.order_by("pk")[:BATCH]), has_ended, self._may_read())
        finally:
            close_old_connections()
        if look.entries:
            self._after = look.entries[-1].pk
        return look

    def _may_read(self) -> bool:
        actor = self._actor
        if actor.key_id:
            return ApiKey.objects.filter(standing(), pk=actor.key_id).exists()
        if (
            self._login
            and not LoginSession.objects.filter(pk=self._login, expire_date__gt=timezone.now()).exists()
        ):
            return False
        if actor.user_id:
            members = Membership.objects.filter(user_id=actor.user_id, project_id=actor.project_id)
            return members.filter(user__is_active=True).exists()
        return True
