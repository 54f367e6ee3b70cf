"""Keys for programs: made, shown once, checked with every request, revoked."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sessions_app import selectors
from sessions_app.models import ApiKey, Project, Role
from sessions_app.services import audit, lookup, tokens
from sessions_app.services.actors import Actor, Right, Scope
from sessions_app.services.errors import Forbidden, Invalid, NotFound, project_not_found
from sessions_app.services.lists import read_page
from sessions_app.services.names import checked_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sessions_app.selectors import Page

logger = logging.getLogger(__name__)

MAX_RATE_LIMIT = 1_000_000
# Where an end is asked for at all.
LONGEST_LIFE = timedelta(days=10 * 365)
# Often enough to see whether a key is in use, rarely enough not to write with every request.
_NOTED_EVERY = timedelta(minutes=1)
_REMEMBERED = 2.0
_REMEMBERED_AT_ONCE = 1000
_PREFIX = slice(3, 11)
_KEY_LENGTH = 55


@dataclass
class _Memory:
    """Whose keys were right a moment ago, by digest and until when; `changes` tells that one was revoked meanwhile."""

    actors: dict[str, tuple[float, Actor]] = field(default_factory=dict)
    changes: int = 0

    def find(self, digest: str) -> Actor | None:
        until, actor = self.actors.get(digest, (0.0, None))
        if actor is None or until <= time.monotonic():
            return None
        return actor if actor.expires_at is None or actor.expires_at > timezone.now() else None

    def keep(self, digest: str, actor: Actor, *, changes: int) -> None:
        if changes != self.changes:
            return
        if len(self.actors) >= _REMEMBERED_AT_ONCE:
            self.actors.clear()
        self.actors[digest] = (time.monotonic() + _REMEMBERED, actor)

    def forget(self) -> None:
        self.actors.clear()
        self.changes += 1


_memory = _Memory()
forget_checked = _memory.forget


async def create_key(
    actor: Actor,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope] = (),
    expires_at: datetime | None = None,
    rate_limit: int | None = None,
) -> tuple[ApiKey, str]:
    """The row and the key itself, which is not kept.

    A key makes none that is stronger than itself: what is not asked for is taken from it.
    """
    actor.require(Right.MANAGE_KEYS)
    name = checked_name(name)
    if rate_limit is not None and not 1 <= rate_limit <= MAX_RATE_LIMIT:
        raise Invalid(f"not within 1 and {MAX_RATE_LIMIT}", field="rate_limit")
    _check_strength(actor, role, scopes, expires_at, rate_limit)
    prefix = secrets.token_hex(4)
    token = f"qd_{prefix}_{tokens.new_secret()}"
    row = ApiKey(
        project_id=actor.project_id,
        name=name,
        role=role,
        scopes=sorted(scopes or actor.scopes),
        rate_limit=rate_limit or actor.rate_limit,
        created_by=actor.name,
        prefix=prefix,
        digest=tokens.digest(token),
        created_at=timezone.now(),
        expires_at=expires_at or actor.expires_at,
    )
    await sync_to_async(_insert)(actor, row)
    return row, token


def _check_strength(
    actor: Actor,
    role: Role,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    rate_limit: int | None,
) -> None:
    if not actor.role.includes(role):
        raise Forbidden(f"{actor.name} has the role {actor.role.value} and cannot give {role.value}.")
    if actor.scopes and not actor.scopes.issuperset(scopes):
        more = ", ".join(sorted(set(scopes) - actor.scopes))
        raise Forbidden(f"The key {actor.name} cannot give a scope that it has not: {more}.")
    if actor.expires_at and expires_at and expires_at > actor.expires_at:
        raise Forbidden(f"The key {actor.name} cannot make one that outlives it.")
    own_limit = actor.rate_limit or (settings.QUARTERDECK_RATE_LIMIT if actor.kind == "program" else 0)
    if own_limit and rate_limit and rate_limit > own_limit:
        raise Forbidden(f"The key {actor.name} cannot give a higher rate limit than its own.")


@transaction.atomic
def _insert(actor: Actor, key: ApiKey) -> None:
    if not Project.objects.filter(pk=actor.project_id).exists():
        raise project_not_found(actor.project_id)
    key.save(force_insert=True)
    audit.write(actor, "key.created", key.id, name=key.name, role=key.role, scopes=key.scopes)


async def list_keys(actor: Actor) -> list[ApiKey]:
    """Newest first, revoked ones too."""
    actor.require(Right.MANAGE_KEYS)
    rows = ApiKey.objects.filter(project_id=actor.project_id).order_by("-created_at", "-id")
    return [key async for key in rows]


async def key_page(actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[ApiKey]:
    actor.require(Right.MANAGE_KEYS)
    rows = ApiKey.objects.filter(project_id=actor.project_id)
    return await read_page(selectors.newest_page, rows, limit=limit, cursor=cursor)


async def get_key(actor: Actor, key_id: str) -> ApiKey:
    actor.require(Right.MANAGE_KEYS)
    key = await ApiKey.objects.filter(project_id=actor.project_id, pk=key_id).afirst()
    if key is None:
        raise NotFound(f"key not found: {key_id}", code="key_not_found")
    return key


async def revoke_key(actor: Actor, key_id: str) -> ApiKey:
    """At once: the sockets that were opened with it, or by an address that it was shown, are closed as well."""
    await get_key(actor, key_id)
    await sync_to_async(_revoke)(actor, key_id)
    forget_checked()
    for live in lookup.all_live():
        live.disconnect_viewers(key_id=key_id)
        live.detach_cdp_clients(key_id=key_id)
    return await get_key(actor, key_id)


@transaction.atomic
def _revoke(actor: Actor, key_id: str) -> None:
    if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=timezone.now()):
        audit.write(actor, "key.revoked", key_id)


async def authenticate_key(token: str) -> Actor | None:
    """The program behind a key; None for every kind of wrong key alike.

    One query, or none right after another request; a key that another process revoked may live on for two seconds.
    """
    digest = tokens.digest(token)
    actor = _memory.find(digest)
    if actor:
        return actor
    changes = _memory.changes
    key = await _standing_key(token)
    if key is None:
        return None
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > _NOTED_EVERY:
        await ApiKey.objects.filter(pk=key.pk).aupdate(last_used_at=now)
    actor = Actor.of_key(key)
    _memory.keep(digest, actor, changes=changes)
    return actor


async def _standing_key(token: str) -> ApiKey | None:
    prefix = token[_PREFIX] if len(token) == _KEY_LENGTH and token.isascii() else ""
    key = await ApiKey.objects.filter(prefix=prefix).afirst() if prefix.isalnum() else None
    right = tokens.matches(token, key.digest if key else None)
    if key is None or not right or key.state != "active":
        logger.warning("Refused the key %s…", key.prefix if key else "unknown")
        return None
    return key
