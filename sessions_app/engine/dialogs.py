"""A page's alerts, confirms, prompts and beforeunloads, and how they were answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sessions_app.engine import events


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """One that waits for an answer."""

    id: int
    kind: str
    message: str
    default: str
    url: str

    def as_message(self, *, is_open: bool) -> dict[str, Any]:
        return {"type": "dialog", **asdict(self), "open": is_open}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`text` is what was typed into an accepted prompt. `by` is empty for a program, or a page that went away."""

    accepted: bool
    text: str = ""
    by: str = ""


def told(session_id: str, tab: int, dialog: Dialog, answer: Answer | None) -> events.EngineEvent:
    if answer is None:
        return events.DialogOpened(session_id=session_id, tab=tab, kind=dialog.kind, message=dialog.message)
    return events.DialogClosed(
        session_id=session_id,
        tab=tab,
        kind=dialog.kind,
        accepted=answer.accepted,
        text=answer.text,
        by=answer.by or None,
    )
