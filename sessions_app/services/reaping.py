"""What other servers left when they died, found by the servers that live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone

from sessions_app.models import EndReason, Node, Session
from sessions_app.services import ending, nodes, queue

if TYPE_CHECKING:
    from datetime import datetime

# A server that lives renews its lease several times in between.
EVERY = 10.0


class Reaper:
    """A lease that is out may mean a clock that jumped; one that also stood still from one look to the next does not."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    async def look(self) -> int:
        """How many sessions are lost; looks are to be `EVERY` seconds apart."""
        out = Node.objects.filter(lease_until__lt=timezone.now()).exclude(pk=nodes.current().pk)
        found = {pk: until async for pk, until in out.values_list("pk", "lease_until")}
        dead = [pk for pk, until in found.items() if self._seen.get(pk) == until]
        self._seen = found
        if not dead:
            return 0
        # Who waits there may wait for its server to come back, but not for ever.
        await queue.give_up(Session.objects.filter(node__in=dead))
        lost = Q(node__in=dead, node__lease_until__lt=timezone.now())
        return await sync_to_async(ending.mark_ended)(lost, EndReason.SERVER_LOST)
