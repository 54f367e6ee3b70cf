"""This server as a node: its row, its lease, and what it writes down of its live sessions."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import LIVE, Node, Session, SessionStatus
from sessions_app.services import links
from sessions_app.services.facts import flushed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.engine.session import LiveSession

LEASE = timedelta(seconds=20)

_registered: list[Node] = []


def current() -> Node:
    if not _registered:
        raise RuntimeError("This process is no node; start the server with `manage.py serve`.")
    return _registered[0]


def forget() -> None:
    """This process serves no more."""
    _registered.clear()


async def register() -> Node:
    """This process takes the name of its machine; each start raises the epoch."""
    _registered[:] = [await sync_to_async(_register)(socket.gethostname())]
    return _registered[0]


@transaction.atomic
def _register(name: str) -> Node:
    now = timezone.now()
    lease = {"started_at": now, "lease_until": now + LEASE}
    if not Node.objects.filter(name=name).update(epoch=F("epoch") + 1, **lease):
        Node.objects.create(name=name, **lease)
    return Node.objects.get(name=name)


async def heartbeat() -> None:
    """Renews the lease, writes down what live sessions know, and closes those that were ended from outside."""
    live = runtime.engine().sessions
    known = {session.id: flushed(session) for session in live}
    ended = await sync_to_async(_write)(live, known)
    for session in live:
        if session.id in ended:
            await session.aclose()
    await links.cut_expired()


@transaction.atomic
def _write(live: Sequence[LiveSession], known: dict[str, dict[str, Any]]) -> set[str]:
    """Returns the ids of those whose rows have ended."""
    Node.objects.filter(pk=current().pk).update(lease_until=timezone.now() + LEASE)
    for session in live:
        # Read here, in a thread: it asks the kernel about every process of the browser.
        fields = {**known[session.id], "cpu_seconds": session.cpu_seconds}
        Session.objects.filter(pk=session.id, status=SessionStatus.RUNNING).update(**fields)
    still = Session.objects.filter(pk__in=list(known), status__in=LIVE).values_list("pk", flat=True)
    return set(known) - set(still)
