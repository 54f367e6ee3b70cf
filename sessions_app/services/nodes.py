"""This server as a node: its row, its lease, and what it writes down of its live sessions."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import ENDED, EndReason, Node, Session, SessionStatus
from sessions_app.services import ending, sockets
from sessions_app.services.facts import cpu_seconds, flushed, forget_earlier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.engine.session import LiveSession

LEASE = timedelta(seconds=20)

_registered: list[Node] = []


def current() -> Node:
    if not _registered:
        raise RuntimeError("This process is no node; start the server with `manage.py serve`.")
    return _registered[0]


def is_registered() -> bool:
    return bool(_registered)


def forget() -> None:
    """This process serves no more."""
    _registered.clear()
    _written.clear()


async def register() -> Node:
    """This process takes the node of its data folder, whatever the machine is called now; each start raises the epoch."""
    _registered[:] = [await sync_to_async(_register)(settings.QUARTERDECK_NODE, socket.gethostname())]
    return _registered[0]


@transaction.atomic
def _register(node_id: str, name: str) -> Node:
    now = timezone.now()
    fields = {"name": name, "started_at": now, "lease_until": now + LEASE}
    if not Node.objects.filter(pk=node_id).update(epoch=F("epoch") + 1, **fields):
        Node.objects.create(pk=node_id, **fields)
    return Node.objects.get(pk=node_id)


async def heartbeat() -> None:
    """Renews the lease, writes down what live sessions know, and carries out what others decided or left halfway."""
    live = runtime.engine().sessions
    known = {session.id: flushed(session) for session in live}
    ended = await sync_to_async(_write)(live, known)
    await sockets.cut_fallen()
    async with asyncio.TaskGroup() as group:
        for session in live:
            if session.id in ended:
                group.create_task(_close(session, ended[session.id]))
    await ending.finish(current())


async def _close(session: LiveSession, reason: EndReason) -> None:
    await session.aclose(status=reason.status.value, reason=reason.value, message=ending.FAREWELLS[reason])
    forget_earlier(session.id)


# What the rows of live sessions say already: most sessions, most of the time, do nothing.
_written: dict[str, dict[str, Any]] = {}


@transaction.atomic
def _write(live: Sequence[LiveSession], known: dict[str, dict[str, Any]]) -> dict[str, EndReason]:
    """Returns the ids of those whose rows have ended or are gone, and why."""
    Node.objects.filter(pk=current().pk).update(lease_until=timezone.now() + LEASE)
    for session in live:
        fields = {**known[session.id], "cpu_seconds": round(cpu_seconds(session), 1)}
        if _written.get(session.id) != fields:
            Session.objects.filter(pk=session.id, status=SessionStatus.RUNNING).update(**fields)
            _written[session.id] = fields
    for gone in _written.keys() - known.keys():
        del _written[gone]
    rows = Session.objects.filter(pk__in=list(known))
    ended = dict.fromkeys(known.keys() - set(rows.values_list("pk", flat=True)), EndReason.RELEASED)
    return ended | {row.id: EndReason(row.end_reason) for row in rows.filter(status__in=ENDED)}
