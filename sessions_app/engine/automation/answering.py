"""Dialogs that a page opens while a program's call runs: it would wait for an answer that nobody gives."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions_app.engine.dialogs import Dialog
    from sessions_app.engine.hub import Hub
    from sessions_app.engine.tab import Tab

Outcome = Literal["accepted", "dismissed", "left"]
# A page may open one after the other for as long as a call takes.
MOST_SEEN = 100


@dataclass(frozen=True, kw_only=True)
class SeenDialog:
    """`left`: to the viewers, one of whom may answer."""

    kind: str
    message: str
    answer: Outcome


class Answering:
    """Answers a session's dialogs while it is `on`, unless a viewer may do so."""

    def __init__(self, hub: Hub) -> None:
        # Of the call that runs, or ran last.
        self.seen: list[SeenDialog] = []
        self._hub = hub
        self._is_on = False

    def __repr__(self) -> str:
        return f"<Answering {'on' if self._is_on else 'off'} seen={len(self.seen)}>"

    @contextmanager
    def on(self, *tabs: Tab) -> Iterator[None]:
        """What is open in `tabs` is answered at once: Playwright attaches to no browser one of whose tabs waits."""
        self.seen, self._is_on = [], True
        try:
            for tab in tabs:
                if tab.dialog:
                    self.opened(tab, tab.dialog)
            yield
        finally:
            self._is_on = False

    def opened(self, tab: Tab, dialog: Dialog) -> None:
        if not self._is_on:
            return
        # Who opens another page means to leave this one.
        outcome: Outcome = "accepted" if dialog.kind == "beforeunload" else "dismissed"
        if any(viewer.role == "control" for viewer in self._hub.viewers.values()):
            outcome = "left"
        else:
            tab.answer_dialog(dialog.id, accept=outcome == "accepted", text="")
        if len(self.seen) < MOST_SEEN:
            self.seen.append(SeenDialog(kind=dialog.kind, message=dialog.message, answer=outcome))
