"""One open wall: which of its project's sessions are on the screen, and which pictures of them it has not had."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.models import Session
from sessions_app.services import gallery, lookup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sessions_app.engine.session import LiveSession
    from sessions_app.services.actors import Actor

MAX_ON_SCREEN = 100
# Pictures that are out and not confirmed: the socket itself would take any number into memory.
WINDOW = 24


@dataclass(frozen=True)
class Picture:
    session_id: str
    seq: int
    jpeg: bytes


class Lookout:
    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._on_screen: dict[str, int] = {}
        self._known: set[str] = set()
        self._sent = 0
        self._confirmed = 0
        self._waits_since = 0.0

    def __repr__(self) -> str:
        return f"<Lookout of {self.actor.name} on {len(self._on_screen)} sessions>"

    async def look_at(self, ids: Collection[str]) -> None:
        """From now on these, and no others; what is not the project's is passed over."""
        asked = list(dict.fromkeys(ids))[:MAX_ON_SCREEN]
        unknown = set(asked) - self._known
        if unknown:
            rows = Session.objects.filter(pk__in=unknown, project_id=self.actor.project_id)
            self._known |= {key async for key in rows.values_list("pk", flat=True)}
        before = self._on_screen
        self._on_screen = {key: before.get(key, 0) for key in asked if key in self._known}

    def confirm(self, seq: int) -> None:
        """The pictures up to `seq` are drawn."""
        self._confirmed = max(self._confirmed, min(seq, self._sent))
        self._waits_since = time.monotonic()

    def waits_for(self) -> float:
        """Seconds since something was confirmed, or since the oldest picture went out; 0 when nothing is out."""
        return time.monotonic() - self._waits_since if self._sent > self._confirmed else 0.0

    def due(self) -> list[LiveSession]:
        """Those to take a picture of now; who has waited longest comes first."""
        running = [live for live, _ in self._running() if gallery.is_due(live)]
        return sorted(running, key=lambda live: gallery.shot_of(live).due)

    def news(self) -> Iterator[Picture]:
        """Pictures that this wall has not had, as far as it confirms what it gets."""
        for live, had in list(self._running()):
            shot = gallery.shot_of(live)
            if shot.number in (0, had):
                continue
            if self._sent - self._confirmed >= WINDOW:
                return
            if self._sent == self._confirmed:
                self._waits_since = time.monotonic()
            self._sent += 1
            self._on_screen[live.id] = shot.number
            yield Picture(live.id, self._sent, shot.picture)

    def _running(self) -> Iterator[tuple[LiveSession, int]]:
        for session_id, had in self._on_screen.items():
            live = lookup.live_or_none(session_id)
            if live:
                yield live, had
