"""Requests that their callers named, so that asking again makes nothing twice."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import orjson
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import IdempotencyKey, Session
from sessions_app.services import launches, starting
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid
from sessions_app.services.facts import session_facts
from sessions_app.services.new_session import checked

if TYPE_CHECKING:
    from sessions_app.services.actors import Actor
    from sessions_app.services.facts import SessionFacts
    from sessions_app.services.new_session import NewSession

HEADER = "Idempotency-Key"
REMEMBERED = timedelta(hours=24)
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True)
class Request:
    """A caller's name for what it asks, and a fingerprint of that."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, body: Any) -> Self:
        """Raises Invalid."""
        if not _KEY.fullmatch(key):
            raise Invalid("not 1 to 255 printable ASCII characters", field=HEADER)
        text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        # A body may hold a password, which a plain hash would let anybody guess at.
        return cls(key, hmac.digest(settings.SECRET_KEY.encode(), text, "sha256").hex())


class _Known(Exception):
    def __init__(self, session_id: str) -> None:
        super().__init__(session_id)
        self.session_id = session_id


async def create(actor: Actor, asked: NewSession, request: Request) -> tuple[SessionFacts, bool]:
    """The session of this request, and whether an earlier one made it; who comes second waits for the first.

    Raises Invalid (`idempotency_key_reused`) and what creating one raises.
    """
    actor.require(Right.CHANGE)
    params = checked(asked)
    while True:
        try:
            row = await starting.start(
                actor, params, alongside=lambda row: _remember(actor.project_id, request, row)
            )
            return session_facts(row, actor, labels=params.labels), False
        except _Known as known:
            await launches.settled(known.session_id)
            # Meanwhile its launch may have failed, and then nothing is remembered.
            found = await _made_by(actor, request)
            if found:
                return session_facts(found, actor), True
        except IntegrityError:
            # Another server was faster: what it wrote is there now.
            if not await _made_by(actor, request):
                raise


def _remember(project_id: str, request: Request, row: Session) -> None:
    """Raises _Known, which takes the row back."""
    now = timezone.now()
    keys = IdempotencyKey.objects.filter(project_id=project_id, key=request.key)
    keys.filter(created_at__lte=now - REMEMBERED).delete()
    known = keys.first()
    if known is None:
        IdempotencyKey.objects.create(
            project_id=project_id,
            key=request.key,
            fingerprint=request.fingerprint,
            session=row,
            created_at=now,
        )
        return
    if known.fingerprint != request.fingerprint:
        raise Invalid(
            f"{request.key!r} was used for another request", field=HEADER, code="idempotency_key_reused"
        )
    raise _Known(known.session_id)


async def _made_by(actor: Actor, request: Request) -> Session | None:
    rows = selectors.sessions(actor.project_id)
    return await rows.filter(idempotency_keys__key=request.key).afirst()
