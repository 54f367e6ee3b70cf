"""What is put into a server's database at once: its people, and an hour in which it was busy for its charts to show."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.utils import timezone

from sessions_app.models import Node, Role, Sample
from sessions_app.services import invitations, logins
from sessions_app.services.actors import SYSTEM
from sessions_app.services.figures import SPREADS
from tests.e2e.server import PASSWORD
from tests.e2e.world import PEOPLE
from tests.measuring import figures

EVERY = 10
# Seconds that most sessions took to start, and most inputs until they were seen.
USUAL = {"create": 0.08, "input": 0.02}


def fill() -> None:
    """For `manage.py shell`, beside the server whose database it is."""
    for role, name in PEOPLE.items():
        async_to_sync(logins.create_operator)(username=name, password=PASSWORD, role=Role(role))
    call_command("project", "create", "research", verbosity=0)
    call_command("apikey", "create", "Nightly checks", role="operator", days=90)
    _write_history()


def invite() -> str:
    """The address of an invitation."""
    captain = replace(SYSTEM, name=PEOPLE["admin"])
    _, address = async_to_sync(invitations.create)(captain, role=Role.OPERATOR, days=7, note="Cy")
    return address


def _write_history() -> None:
    node = Node.objects.get()
    now = timezone.now().replace(microsecond=0)
    now -= timedelta(seconds=now.second % EVERY)
    Sample.objects.bulk_create(
        [
            Sample(node=node, at=now - timedelta(seconds=ago), seconds=EVERY, values=_at(ago / 3600))
            for ago in range(EVERY * 6, 3600, EVERY)
        ],
        ignore_conflicts=True,
    )


def _at(share: float) -> dict[str, object]:
    """`share`: how much of the hour has passed since."""
    rush = math.exp(-(((share - 0.4) / 0.16) ** 2))
    swell = 1 + 0.15 * math.sin(share * 90)
    running = round((4 + 16 * rush) * swell)
    return figures(
        running=running,
        viewers=running // 3,
        frames=round(running * 130 * swell),
        cpu=min(0.95, 0.12 + 0.5 * rush * swell),
        cpu_sessions=min(0.9, 0.08 + 0.42 * rush * swell),
        memory_server=(120 + 3 * running) * 1_000_000,
        memory_sessions=running * 95_000_000,
        created=running // 4,
        create=_spread("create", running // 4),
        input=_spread("input", running * 2),
    )


def _spread(name: str, count: int) -> list[int]:
    bounds = SPREADS[name]
    counts = [0] * (len(bounds) + 1)
    usual = next(place for place, upper in enumerate(bounds) if upper >= USUAL[name])
    counts[usual] = count - count // 5
    counts[usual + 1] = count // 5
    return counts
