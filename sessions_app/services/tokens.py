"""Secrets: random ones that are kept as digests, and a session's own, which are computed again and again."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from sessions_app.models import Session

_NO_DIGEST = "-" * 64
# A prefix, a dot and a MAC are shorter. What is longer is not even looked at: each prefix would be remembered.
_LONGEST = 64

Purpose = Literal["view", "control", "cdp"]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def matches(secret: str, expected_digest: str | None) -> bool:
    """None, for a row that is not there, takes as long as a wrong secret and never matches."""
    return secrets.compare_digest(digest(secret), expected_digest or _NO_DIGEST)


def standing() -> Q:
    """Of rows that are rights (links, keys): those neither revoked nor out of time."""
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def session_token(session: Session, purpose: Purpose, *, key_prefix: str) -> str:
    """`<prefix>.<mac>` for the program with that key, which it dies with; without a key the mac alone."""
    return _session_token(session.id, session.link_epoch, purpose, key_prefix, settings.SECRET_KEY)


def is_session_token(token: str, session: Session, purpose: Purpose) -> bool:
    """Whether the key that it names still stands is another question."""
    if len(token) > _LONGEST:
        return False
    given, prefix = token.encode(errors="replace"), key_prefix(token)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        secrets.compare_digest(
            given, _session_token(session.id, session.link_epoch, purpose, prefix, key).encode()
        )
        for key in keys
    )


def key_prefix(token: str) -> str:
    """Of the key that a session's token is bound to; empty for none."""
    prefix, dot, _ = token.rpartition(".")
    return prefix if dot else ""


@lru_cache(maxsize=4096)
def _session_token(session_id: str, epoch: int, purpose: Purpose, prefix: str, key: str) -> str:
    """Remembered, because lists show them again and again."""
    bound = f":{prefix}" if prefix else ""
    mac = salted_hmac(
        f"quarterdeck.{purpose}", f"{session_id}:{epoch}{bound}", secret=key, algorithm="sha256"
    ).digest()
    text = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    return f"{prefix}.{text}" if prefix else text
