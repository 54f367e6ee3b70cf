"""What engines report on its way to the timelines: in order, a few times a second, all sessions in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from sessions_app.engine.remarks import clip, clip_url
from sessions_app.models import LIVE, Event, Session
from sessions_app.services import events
from sessions_app.services.facts import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

EVERY = 0.25
# One transaction is no longer than this, so that nobody waits long for it.
BATCH = 1_000
# While the database does not answer, so many wait; of what pages do, no more than that.
MAX_WAITING = 20_000
MAX_DATA = 8_192
# Of these a page makes as many as it likes.
_BY_PAGES = events.NOISY | {events.Kind.ERROR, events.Kind.DOWNLOAD}
_UNREACHABLE = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Entry:
    session_id: str
    kind: str
    data: dict[str, Any]
    at: float


@dataclass
class _Desk:
    waiting: deque[Entry] = field(default_factory=deque)
    passed_over: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Set when the batch that is being written is done.
    writing: asyncio.Event | None = None
    # The database does not answer, and the log knows.
    is_stuck: bool = False


_desk = _Desk()


def add(entry: Entry) -> None:
    """Waits for nothing; `flush` writes it."""
    key = (entry.session_id, entry.kind)
    if len(_desk.waiting) >= MAX_WAITING and entry.kind in _BY_PAGES:
        _desk.passed_over[key] += 1
        return
    missed = _desk.passed_over.pop(key, 0)
    if missed:
        _desk.waiting.append(
            Entry(entry.session_id, entry.kind, {"what": "dropped", "count": missed}, entry.at)
        )
    _desk.waiting.append(entry)


async def flush() -> None:
    """Writes what waits. A database that does not answer gets it all later."""
    while _desk.waiting or _desk.writing:
        if _desk.writing:
            await _desk.writing.wait()
        # A caller that is cancelled must not leave a batch half forgotten.
        elif not await asyncio.shield(_write_batch()):
            return


async def settle(session_id: str) -> None:
    """Returns when what is known of this session is written, so that what comes next stands after it."""
    if _desk.writing or any(entry.session_id == session_id for entry in _desk.waiting):
        await flush()


def forget() -> None:
    """This process serves no more."""
    _desk.waiting.clear()
    _desk.passed_over.clear()


async def _write_batch() -> bool:
    batch = [_desk.waiting.popleft() for _ in range(min(BATCH, len(_desk.waiting)))]
    done = _desk.writing = asyncio.Event()
    try:
        await sync_to_async(_write)(batch)
    except _UNREACHABLE as error:
        _desk.waiting.extendleft(reversed(batch))
        if not _desk.is_stuck:
            logger.warning("The timelines wait for the database: %s", error)
        _desk.is_stuck = True
        return False
    finally:
        _desk.writing = None
        done.set()
    _desk.is_stuck = False
    return True


def _write(batch: list[Entry]) -> None:
    by_session = {
        session_id: list(entries)
        for session_id, entries in groupby(sorted(batch, key=_session_of), key=_session_of)
    }
    try:
        _write_all(by_session)
    except _UNREACHABLE:
        # A connection that broke is opened again for the next try.
        connection.close_if_unusable_or_obsolete()
        raise
    except (DatabaseError, TypeError, ValueError):
        _write_each(by_session)


def _write_each(by_session: dict[str, list[Entry]]) -> None:
    """A session that was deleted meanwhile, or an entry that cannot be kept, must not cost the others theirs."""
    for session_id, entries in by_session.items():
        try:
            _write_all({session_id: entries})
        except _UNREACHABLE:
            raise
        except (DatabaseError, TypeError, ValueError):
            logger.exception("%d entries of %s could not be written.", len(entries), session_id)


@transaction.atomic
def _write_all(by_session: dict[str, list[Entry]]) -> None:
    # In one order, so that two servers never wait for each other.
    for session_id in sorted(by_session):
        events.take_turn(session_id)
    # A timeline ends with its session's end: what comes later has nowhere to go.
    rows = Session.objects.filter(pk__in=by_session, status__in=LIVE)
    for session_id in rows.order_by("pk").values_list("pk", flat=True):
        events.append(session_id, [_event(entry) for entry in by_session[session_id]])


def _session_of(entry: Entry) -> str:
    return entry.session_id


def _event(entry: Entry) -> Event:
    return Event(session_id=entry.session_id, kind=entry.kind, at=moment(entry.at), data=bounded(entry.data))


def bounded(data: dict[str, Any]) -> dict[str, Any]:
    """Texts are cut where they are too long, and further when all of them together still are."""
    data = dict(_clipped(data.items()))
    longest = 1_000
    while len(orjson.dumps(data)) > MAX_DATA and longest > 1:
        data = {
            name: clip(value, longest) if isinstance(value, str) else value for name, value in data.items()
        }
        longest //= 2
    return data


def _clipped(items: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in items:
        if isinstance(value, str):
            yield name, clip_url(value) if name == "url" else clip(value)
        else:
            yield name, value
