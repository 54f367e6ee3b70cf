"""How a socket's coroutine learns that the peer does not take what was sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.consumers.origin import Scope

EXTENSION = "quarterdeck.backlog"


class Backlog:
    """Daphne's `send` never waits, so its server says here when it holds too much for a peer that does not read.

    Under a server that says nothing it is never full.
    """

    def __init__(self) -> None:
        self.full = False
        self.on_room: Callable[[], object] = lambda: None

    def fill(self) -> None:
        self.full = True

    def make_room(self) -> None:
        self.full = False
        self.on_room()


def backlog_of(scope: Scope) -> Backlog:
    found: Backlog = scope.get("extensions", {}).get(EXTENSION) or Backlog()
    return found
