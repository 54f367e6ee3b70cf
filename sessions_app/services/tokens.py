"""Secrets: random ones that are kept as digests, and a session's own, which are computed again and again."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from sessions_app.models import Session

_NO_DIGEST = "-" * 64

Purpose = Literal["view", "control", "cdp"]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def matches(secret: str, expected_digest: str | None) -> bool:
    """None, for a row that is not there, takes as long as a wrong secret and never matches."""
    return secrets.compare_digest(digest(secret), expected_digest or _NO_DIGEST)


def session_token(session: Session, purpose: Purpose) -> str:
    return _session_token(session, purpose, settings.SECRET_KEY)


def is_session_token(token: str, session: Session, purpose: Purpose) -> bool:
    given = token.encode(errors="replace")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(secrets.compare_digest(given, _session_token(session, purpose, key).encode()) for key in keys)


def _session_token(session: Session, purpose: Purpose, key: str) -> str:
    mac = salted_hmac(
        f"quarterdeck.{purpose}", f"{session.id}:{session.link_epoch}", secret=key, algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
