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
from sessions_app.services import addresses, audit, guesses, tokens
from sessions_app.services.actors import SYSTEM, Actor
from sessions_app.services.errors import Conflict, Invalid, Unauthenticated, project_not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

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
    # A login that will not do takes this back.
    invitation = claim(token, username)
    user, member = _create_user(username, password, Role(invitation.role), invitation.project_id)
    action = "invitation.accepted" if invitation.created_by else "setup.done"
    audit.write(Actor.of_member(member), action, user.username)
    return user


def standing(token: str) -> QuerySet[Invitation]:
    found = Invitation.objects.select_related("project").filter(digest=tokens.digest(token))
    return found.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


def claim(token: str, username: str) -> Invitation:
    """For use inside a transaction: nobody else can use it from here on."""
    found = standing(token)
    invitation = found.first()
    if invitation is None or not found.update(used_at=timezone.now(), used_by=username.strip()[:255]):
        raise Unauthenticated("This link is unknown, used or expired.")
    return invitation


async def change_password(user: User, *, current: str, new: str) -> None:
    """Raises Invalid, and QuotaExceeded for whoever guesses."""
    await sync_to_async(_change_password)(user, current, new)


def _change_password(user: User, current: str, new: str) -> None:
    check_password(user, current, field="current")
    _check(lambda value: validate_password(value, user), new, field="password")
    before = user.password
    user.set_password(new)
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, password=before).update(password=user.password):
            raise Conflict("The password was changed elsewhere just now.")
        audit.enter_own(user, "password.changed")


def check_password(user: User, password: str, *, field: str) -> None:
    """For what a login that was left open must not be enough for."""
    guesses.count("password", user)
    if not user.check_password(password):
        raise Invalid("this is not your password", field=field)
    guesses.forget("password", user)


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
