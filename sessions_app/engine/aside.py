"""Work that would hold up the loop, done beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Aside:
    """Runs what works on the disk in a thread; what comes of it is heard of on the loop."""

    def __init__(self) -> None:
        # Held, because a future that nobody holds may go before it is done.
        self._running: set[asyncio.Future[Any]] = set()

    def __repr__(self) -> str:
        return f"<Aside running={len(self._running)}>"

    @property
    def is_busy(self) -> bool:
        return bool(self._running)

    def do(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Without `failed` an error is the loop's to report."""

        def done(future: asyncio.Future[T]) -> None:
            self._running.discard(future)
            if future.cancelled():
                return
            error = future.exception()
            if isinstance(error, Exception) and failed:
                failed(error)
            else:
                then(future.result())

        running = asyncio.get_running_loop().run_in_executor(None, work)
        self._running.add(running)
        running.add_done_callback(done)
