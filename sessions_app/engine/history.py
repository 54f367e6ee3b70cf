"""Where a tab can go back and forward to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message

EMPTY = "about:blank"


class History:
    """Chromium keeps it; `look` asks for what there is now, and `changed` is called when that differs."""

    def __init__(self, post: Callable[..., None], changed: Callable[[], None]) -> None:
        self.can_go_back = False
        self.can_go_forward = False
        self._post = post
        self._changed = changed

    def __repr__(self) -> str:
        return f"<History back={self.can_go_back} forward={self.can_go_forward}>"

    def look(self) -> None:
        self._with_entries(self._note)

    def go(self, step: int) -> None:
        self._with_entries(lambda entries, at: self._open(entries, at + step))

    def _with_entries(self, then: Callable[[list[dict[str, Any]], int], None]) -> None:
        def answered(reply: Message | None) -> None:
            if reply and "result" in reply:
                then(reply["result"]["entries"], reply["result"]["currentIndex"])

        self._post("Page.getNavigationHistory", None, answered)

    def _open(self, entries: list[dict[str, Any]], at: int) -> None:
        if 0 <= at < len(entries):
            self._post("Page.navigateToHistoryEntry", {"entryId": entries[at]["id"]})

    def _note(self, entries: list[dict[str, Any]], at: int) -> None:
        before = (self.can_go_back, self.can_go_forward)
        # A tab starts on an empty page, which nobody wants to go back to.
        first = 1 if entries and entries[0]["url"] == EMPTY else 0
        self.can_go_back, self.can_go_forward = at > first, at < len(entries) - 1
        if before != (self.can_go_back, self.can_go_forward):
            self._changed()
