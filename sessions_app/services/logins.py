"""Logins for people, and the link that makes the first one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sessions_app.models import Invitation, Membership, Project, Role, User
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services import addresses, audit, tokens
from sessions_app.services.actors import SYSTEM, Actor
from sessions_app.services.errors import Invalid, Unauthenticated, project_not_found

if TYPE_CHECKING:
    from collections.abc import Callable

SETUP_LIFETIME = timedelta(minutes=15)


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
    user, member = _create_user(username, password, Role(invitation.role), invitation.project_id)
    audit.write(Actor.of_member(member), "setup.done", user.username)
    return user


async def create_operator(
    *, username: str, password: str, role: Role, project_id: str = DEFAULT_PROJECT
) -> User:
    return await sync_to_async(_create_operator)(username, password, role, project_id)


@transaction.atomic
def _create_operator(username: str, password: str, role: Role, project_id: str) -> User:
    if not Project.objects.filter(pk=project_id).exists():
        raise project_not_found(project_id)
    user, member = _create_user(username, password, role, project_id)
    audit.write(replace(SYSTEM, project_id=project_id), "login.created", user.username, role=member.role)
    return user


def _create_user(username: str, password: str, role: Role, project_id: str) -> tuple[User, Membership]:
    user = User(username=User.normalize_username(username.strip()))
    _check(UnicodeUsernameValidator(), user.username, field="username")
    _check(lambda value: validate_password(value, user), password, field="password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Invalid("this name is taken", field="username") from None
    now = timezone.now()
    return user, Membership.objects.create(user=user, project_id=project_id, role=role, created_at=now)


def _check(validate: Callable[[str], None], value: str, *, field: str) -> None:
    try:
        validate(value)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field=field) from None
