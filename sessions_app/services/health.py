"""Whether this server is well: rows, processes and folders agree, the database answers, the lease is fresh."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.utils import timezone

from sessions_app import runtime
from sessions_app.engine import measure
from sessions_app.engine.folders import BROWSER_PREFIX
from sessions_app.models import HOLDING, Node, Session
from sessions_app.services import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from sessions_app.engine.engine import Engine
    from sessions_app.engine.session import LiveSession

# Things begin and end one after the other; what still differs after this time is wrong.
GRACE = 10.0
SHARED = 1.0
DATABASE_LIMIT = 1.0
_RENEWED_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True)
class Check:
    """`figures` are counts: an id would be nobody's business who asks without a key."""

    ok: bool
    figures: Mapping[str, float]

    def as_json(self) -> dict[str, float | bool]:
        return {"ok": self.ok, **self.figures}


@dataclass(frozen=True)
class Report:
    checks: Mapping[str, Check]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks.values())


class Doubts:
    """Differences since they were first seen; those that stay count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, dict[str, float]] = {}

    def lasting(self, kind: str, found: Iterable[str]) -> int:
        now, before = self._clock(), self._since.get(kind, {})
        since = self._since[kind] = {each: before.get(each, now) for each in found}
        return sum(now - first >= GRACE for first in since.values())


class Doctor:
    """Looks at most once a second, however many ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._doubts = Doubts(clock)
        self._looking = asyncio.Lock()
        self._looked_at = 0.0
        self._found: tuple[Engine | None, Report] | None = None

    async def check(self) -> Report:
        async with self._looking:
            engine = _engine()
            if self._found and self._found[0] is engine and self._clock() - self._looked_at < SHARED:
                return self._found[1]
            report = Report(await self._checks(engine) if engine else {"engine": Check(ok=False, figures={})})
            self._found, self._looked_at = (engine, report), self._clock()
            return report

    async def _checks(self, engine: Engine) -> dict[str, Check]:
        return {
            "engine": Check(ok=engine.is_open, figures={}),
            **await self._remembered(engine, nodes.current()),
            **await asyncio.to_thread(self._running, engine),
        }

    async def _remembered(self, engine: Engine, node: Node) -> dict[str, Check]:
        """What the database says; without its answer nothing of that is known to be right."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(DATABASE_LIMIT):
                rows, lease_until = await sync_to_async(_read)(node)
        except (DatabaseError, TimeoutError, Node.DoesNotExist):
            unknown = Check(ok=False, figures={})
            return dict.fromkeys(("database", "lease", "rows"), unknown)
        answered_in = round((time.perf_counter() - began) * 1000, 1)
        return {
            "database": Check(ok=True, figures={"ms": answered_in}),
            "lease": _lease(lease_until),
            "rows": self._rows(engine, rows),
        }

    def _rows(self, engine: Engine, rows: set[str]) -> Check:
        live = {session.id for session in engine.sessions}
        lacking = self._doubts.lasting("rows without browser", rows - live - engine.starting)
        unknown = self._doubts.lasting("browsers without row", live - rows)
        figures = {"rows": len(rows), "live": len(live), "without_browser": lacking, "without_row": unknown}
        return Check(ok=not lacking and not unknown, figures=figures)

    def _running(self, engine: Engine) -> dict[str, Check]:
        live, used = engine.sessions, engine.folders
        there = {path for path in _listed(engine.config.sessions_dir) if path.name.startswith(BROWSER_PREFIX)}
        dead = self._doubts.lasting("dead processes", (one.id for one in live if not _lives(one)))
        missing = self._doubts.lasting(
            "missing folders", (one.id for one in live if one.process.folder not in there)
        )
        left = self._doubts.lasting("folders of nobody", (path.name for path in there - used))
        return {
            "processes": Check(ok=not dead, figures={"live": len(live), "dead": dead}),
            "folders": Check(
                ok=not missing and not left,
                figures={"there": len(there), "missing": missing, "without_browser": left},
            ),
        }


doctor = Doctor()


def _engine() -> Engine | None:
    try:
        return runtime.engine()
    except RuntimeError:
        return None


def _read(node: Node) -> tuple[set[str], datetime]:
    held = Session.objects.filter(node=node, status__in=HOLDING).values_list("pk", flat=True)
    return set(held), Node.objects.values_list("lease_until", flat=True).get(pk=node.pk)


def _lease(until: datetime) -> Check:
    left = until - timezone.now()
    return Check(
        ok=left > nodes.LEASE - _RENEWED_WITHIN, figures={"seconds_left": round(left.total_seconds(), 1)}
    )


def _lives(live: LiveSession) -> bool:
    return not live.process.exited.is_set() and measure.lives(live.process.pid)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
