"""How often somebody may be wrong about a login's password or code, from wherever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache

from sessions_app.services.errors import QuotaExceeded

if TYPE_CHECKING:
    from sessions_app.models import User

LIMIT = 10
WINDOW = 15 * 60


def count(what: str, user: User) -> None:
    """Before it is looked at, so that many at once are counted too."""
    key = _key(what, user)
    cache.add(key, 0, WINDOW)
    if cache.incr(key) > LIMIT:
        raise QuotaExceeded(
            f"Too many wrong tries at the {what}: wait a quarter of an hour.",
            retry_after=WINDOW,
            code="too_many_attempts",
        )


def forget(what: str, user: User) -> None:
    cache.delete(_key(what, user))


def _key(what: str, user: User) -> str:
    return f"guesses:{what}:{user.pk}"
