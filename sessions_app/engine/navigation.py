"""Whether a tab is on its way to another document."""

from __future__ import annotations

import asyncio


class Navigation:
    """Told by the tab what its main frame does; pure but for those who wait."""

    def __init__(self) -> None:
        self._is_committed = False
        self._arrived = asyncio.Event()
        self._arrived.set()

    def __repr__(self) -> str:
        return f"<Navigation {'over' if self.is_over else 'under way'}>"

    @property
    def is_over(self) -> bool:
        return self._arrived.is_set()

    def began(self) -> None:
        self._is_committed = False
        self._arrived.clear()

    def committed(self) -> None:
        self._is_committed = True

    def parsed(self) -> None:
        # Of the document that is being left this says nothing.
        if self._is_committed:
            self._arrived.set()

    def ended(self) -> None:
        """It is loaded, stopped, became a download, or the tab is gone."""
        self._arrived.set()

    async def arrival(self) -> None:
        """Returns when the new document is parsed, at once if none is coming."""
        await self._arrived.wait()
