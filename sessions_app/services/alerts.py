"""What somebody should look after now, and how; read off the last samples without asking the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sessions_app.services.actors import Right
from sessions_app.services.samples import LATELY, sampler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions_app.services.actors import Actor
    from sessions_app.services.figures import Figures

NEARLY_FULL = 0.9
DISK_SHARE = 0.1
DISK_BYTES = 1_000_000_000
_MINUTES = int(LATELY.total_seconds() // 60)


@dataclass(frozen=True)
class Alert:
    """Somebody who has dismissed one of a `kind` is not told of it again during the visit."""

    kind: Literal["refusing", "waiting", "full", "disk", "errors"]
    words: str
    advice: str


def alerts(actor: Actor) -> list[Alert]:
    """For those who can do something about it."""
    if not sampler.lately or not actor.can(Right.CHANGE):
        return []
    return [*_capacity(sampler.lately[-1]), *_disk(sampler.lately[-1]), *_errors()]


def _capacity(now: Figures) -> Iterator[Alert]:
    """The worst of it says the rest."""
    refused = _lately("rejected")
    if refused:
        yield Alert(
            "refusing",
            f"The queue was full: {_many(refused, 'session was', 'sessions were')} refused in the last {_MINUTES} minutes.",
            "Release sessions that nobody needs, or raise QUARTERDECK_MAX_SESSIONS if the machine has room, else QUARTERDECK_QUEUE.",
        )
    elif now["queued"]:
        yield Alert(
            "waiting",
            f"The server is full: {_many(now['queued'], 'session waits', 'sessions wait')} for a place.",
            "Release sessions that nobody needs, or raise QUARTERDECK_MAX_SESSIONS if the machine has room.",
        )
    elif now["running"] >= NEARLY_FULL * now["max_sessions"]:
        yield Alert(
            "full",
            f"The server is nearly full: {now['running']} of {_many(now['max_sessions'], 'session runs', 'sessions run')}.",
            "Release sessions that nobody needs; further ones will wait in the queue.",
        )


def _disk(now: Figures) -> Iterator[Alert]:
    free, total = now["disk_free"], now["disk_total"]
    if free < DISK_BYTES or free < DISK_SHARE * total:
        share = free / total if total else 0
        yield Alert(
            "disk",
            f"The disk of the data folder is nearly full: {free / 1e9:.1f} GB are left ({share * 100:.0f} %).",
            "Make room on it, or set QUARTERDECK_RETENTION_DAYS lower: on a full disk no session starts.",
        )


def _errors() -> Iterator[Alert]:
    failed, broken = _lately("failed_requests"), _lately("broken_sessions")
    words = [
        *([_many(failed, "request failed", "requests failed")] if failed else []),
        *([_many(broken, "session broke", "sessions broke")] if broken else []),
    ]
    if words:
        yield Alert(
            "errors",
            f"{' and '.join(words)} in the last {_MINUTES} minutes.",
            "The server's log says why, in its lines of level=error; a broken session's page says why it ended.",
        )


def _lately(name: str) -> int:
    return sum(figures[name] for figures in sampler.lately)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
