"""The control lease: at most one holder steers a session."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from sessions_app.engine.errors import ControlHeld


@dataclass(frozen=True)
class Holder:
    """A person at a viewer (`id` is the viewer's) or a program (`id` is its key's)."""

    kind: Literal["person", "program"]
    id: str
    name: str


class Control:
    """Who may steer now; pure state, no I/O."""

    def __init__(self) -> None:
        self.holder: Holder | None = None
        self._changed = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Control holder={self.holder.id if self.holder else None}>"

    def take(self, holder: Holder, *, force: bool = False) -> Holder | None:
        """Make `holder` the holder and return the one before.

        A free lease and one's own are always to be had, a program's by any person; everything else needs `force`.
        Raises ControlHeld.
        """
        before = self.holder
        yields = (
            before is None or before.id == holder.id or (before.kind == "program" and holder.kind == "person")
        )
        if before is not None and not yields and not force:
            raise ControlHeld(before)
        self._become(holder)
        return before

    def give_back(self, holder_id: str) -> bool:
        """Free the lease if `holder_id` holds it."""
        if self.holder is None or self.holder.id != holder_id:
            return False
        self._become(None)
        return True

    async def until_no_person_holds(self) -> None:
        while self.holder and self.holder.kind == "person":
            self._changed.clear()
            await self._changed.wait()

    def _become(self, holder: Holder | None) -> None:
        self.holder = holder
        self._changed.set()
