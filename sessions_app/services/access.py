"""Keys for programs, logins for people, and the link that makes the first one."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sessions_app.models import ApiKey, Invitation, Membership, Project, Role, User
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services import addresses, lookup, tokens
from sessions_app.services.actors import Actor, Right
from sessions_app.services.errors import Invalid, NotFound, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

logger = logging.getLogger(__name__)

SETUP_LIFETIME = timedelta(minutes=15)
# Often enough to see whether a key is in use, rarely enough not to write with every request.
_NOTED_EVERY = timedelta(minutes=1)
_PREFIX = slice(3, 11)
_KEY_LENGTH = 55
MAX_NAME = 200


# Keys


async def create_key(
    actor: Actor, *, name: str, role: Role, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The row and the key itself, which is not kept."""
    actor.require(Right.MANAGE_KEYS)
    if not name.strip() or len(name) > MAX_NAME:
        raise Invalid(f"1 to {MAX_NAME} characters are needed", field="name")
    if not await Project.objects.filter(pk=actor.project_id).aexists():
        raise NotFound(f"project not found: {actor.project_id}", code="project_not_found")
    prefix = secrets.token_hex(4)
    token = f"qd_{prefix}_{tokens.new_secret()}"
    key = await ApiKey.objects.acreate(
        project_id=actor.project_id,
        name=name.strip(),
        role=role,
        prefix=prefix,
        digest=tokens.digest(token),
        created_at=timezone.now(),
        expires_at=expires_at,
    )
    return key, token


async def list_keys(actor: Actor) -> list[ApiKey]:
    """Newest first, revoked ones too."""
    actor.require(Right.MANAGE_KEYS)
    return [
        key async for key in ApiKey.objects.filter(project_id=actor.project_id).order_by("-created_at", "-id")
    ]


async def revoke_key(actor: Actor, key_id: str) -> ApiKey:
    """At once: the sockets that were opened with it are closed as well."""
    actor.require(Right.MANAGE_KEYS)
    keys = ApiKey.objects.filter(project_id=actor.project_id, pk=key_id)
    await keys.filter(revoked_at=None).aupdate(revoked_at=timezone.now())
    key = await keys.afirst()
    if key is None:
        raise NotFound(f"key not found: {key_id}", code="key_not_found")
    for live in lookup.all_live():
        live.disconnect_viewers(key_id=key.id)
    return key


async def authenticate_key(token: str) -> Actor | None:
    """The program behind a key, in one query; None for every kind of wrong key alike."""
    key = await ApiKey.objects.filter(prefix=token[_PREFIX]).afirst() if len(token) == _KEY_LENGTH else None
    right = tokens.matches(token, key.digest if key else None)
    now = timezone.now()
    if key is None or not right or key.revoked_at or (key.expires_at and key.expires_at <= now):
        logger.warning("Refused the key %s…", key.prefix if key else "unknown")
        return None
    if key.last_used_at is None or now - key.last_used_at > _NOTED_EVERY:
        await ApiKey.objects.filter(pk=key.pk).aupdate(last_used_at=now)
    return Actor.of_key(key)


# Logins


async def needs_setup() -> bool:
    return not await User.objects.aexists()


async def create_setup_link() -> str | None:
    """The address that makes the first login, once; None when there is a login already."""
    if not await needs_setup():
        return None
    secret, now = tokens.new_secret(), timezone.now()
    await Invitation.objects.filter(used_at=None).adelete()
    await Invitation.objects.acreate(
        project_id=DEFAULT_PROJECT,
        role=Role.ADMIN,
        digest=tokens.digest(secret),
        created_at=now,
        expires_at=now + SETUP_LIFETIME,
    )
    return addresses.public_url(f"/setup#{secret}")


async def accept_invitation(token: str, *, username: str, password: str) -> User:
    """Raises Unauthenticated for a wrong, used or expired token, Invalid for a name or password that will not do."""
    return await sync_to_async(_accept)(token, username, password)


@transaction.atomic
def _accept(token: str, username: str, password: str) -> User:
    now = timezone.now()
    standing = Invitation.objects.filter(digest=tokens.digest(token), used_at=None, expires_at__gt=now)
    invitation = standing.first()
    # A login that will not do takes this back.
    if invitation is None or not standing.update(used_at=now):
        raise Unauthenticated("This setup link is unknown, used or expired.")
    return _create_user(username, password, Role(invitation.role), invitation.project_id)


async def create_operator(
    *, username: str, password: str, role: Role, project_id: str = DEFAULT_PROJECT
) -> User:
    return await sync_to_async(_create_user)(username, password, role, project_id)


@transaction.atomic
def _create_user(username: str, password: str, role: Role, project_id: str) -> User:
    user = User(username=User.normalize_username(username.strip()))
    _check(UnicodeUsernameValidator(), user.username, field="username")
    _check(lambda value: validate_password(value, user), password, field="password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Invalid("this name is taken", field="username") from None
    Membership.objects.create(user=user, project_id=project_id, role=role, created_at=timezone.now())
    return user


def _check(validate: Callable[[str], None], value: str, *, field: str) -> None:
    try:
        validate(value)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field=field) from None
