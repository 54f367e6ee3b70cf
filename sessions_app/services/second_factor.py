"""The second factor of a login: a code that an authenticator app counts, or one of the recovery codes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from sessions_app.models import Membership, User
from sessions_app.services import audit, guesses, logins
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Forbidden, Invalid, NotFound
from sessions_app.services.sealing import Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection

    from sessions_app.services.actors import Actor

logger = logging.getLogger(__name__)

_TOTP, _CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
new_secret = totp.generate_totp_secret


@dataclass(frozen=True)
class SecondFactor:
    since: datetime
    codes_left: int


async def of(user: User) -> SecondFactor | None:
    return await sync_to_async(_of)(user)


def _of(user: User) -> SecondFactor | None:
    rows = {row.type: row for row in Authenticator.objects.filter(user=user)}
    if _TOTP not in rows:
        return None
    # Read without the secret that they are made of.
    used = rows[_CODES].data["used_mask"].bit_count() if _CODES in rows else app_settings.RECOVERY_CODE_COUNT
    return SecondFactor(rows[_TOTP].created_at, app_settings.RECOVERY_CODE_COUNT - used)


def is_on(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=_TOTP).exists())


async def having(user_ids: Collection[int]) -> set[int]:
    """Which of these have one."""
    rows = Authenticator.objects.filter(user__in=user_ids, type=_TOTP)
    return {user async for user in rows.values_list("user_id", flat=True)}


def address(user: User, secret: str) -> str:
    """What an authenticator app reads, as a picture or by a tap."""
    return str(get_adapter().build_totp_url(user, secret))


def squares(text: str) -> list[list[bool]]:
    """The QR code of a text, without the pale rim that it needs."""
    from qrcode.main import QRCode

    code = QRCode(border=0)
    code.add_data(text)
    return [[bool(square) for square in row] for row in code.get_matrix()]


async def turn_on(user: User, *, secret: str, code: str, password: str) -> list[str]:
    """The recovery codes, which are shown this once. Raises Invalid, Conflict."""
    return await sync_to_async(_turn_on)(user, secret, code, password)


def _turn_on(user: User, secret: str, code: str, password: str) -> list[str]:
    logins.check_password(user, password, field="password")
    step = _step_of(secret, code)
    if step is None:
        raise Invalid("this is not the code that the app shows now", field="code")
    sealed = {"secret": get_adapter().encrypt(secret)}
    try:
        with transaction.atomic():
            # What turned it on does not log anybody in as well.
            Authenticator.objects.create(user=user, type=_TOTP, data=sealed, last_used_at=step)
            codes = _make_codes(user)
            audit.enter_own(user, "second_factor.on")
    except IntegrityError:
        raise Conflict("The second factor is on already.") from None
    return codes


def _make_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=_CODES).delete()
    return list(RecoveryCodes.activate(user).generate_codes())


async def new_codes(user: User, *, password: str) -> list[str]:
    """The old ones are worth nothing from then on. Raises Invalid, Conflict."""
    return await sync_to_async(_new_codes)(user, password)


def _new_codes(user: User, password: str) -> list[str]:
    logins.check_password(user, password, field="password")
    with transaction.atomic():
        # Whoever turns it off at the same time waits here, or has been before.
        if not Authenticator.objects.filter(user=user, type=_TOTP).update(type=_TOTP):
            raise Conflict("The second factor is off.")
        codes = _make_codes(user)
        audit.enter_own(user, "second_factor.codes_made")
    return codes


async def turn_off(user: User, *, password: str) -> None:
    await sync_to_async(_turn_off)(user, password)


def _turn_off(user: User, password: str) -> None:
    logins.check_password(user, password, field="password")
    with transaction.atomic():
        if Authenticator.objects.filter(user=user).delete()[0]:
            audit.enter_own(user, "second_factor.off")


async def reset(actor: Actor, username: str) -> None:
    """For a person who lost it; who also belongs to other projects is for the administrators of all of them."""
    actor.require(Right.MANAGE_MEMBERS)
    await sync_to_async(_reset)(actor, username)


@transaction.atomic
def _reset(actor: Actor, username: str) -> None:
    user = User.objects.filter(username=username, memberships__project=actor.project_id).first()
    if user is None:
        raise NotFound(f"no such member: {username}", code="member_not_found")
    elsewhere = Membership.objects.filter(user=user).exclude(project=actor.project_id)
    if not actor.administers_server and elsewhere.exists():
        raise Forbidden(f"{username} belongs to other projects too: ask an administrator of the server.")
    if Authenticator.objects.filter(user=user).delete()[0]:
        audit.write(actor, "second_factor.reset", username)


def check(user: User, code: str) -> bool:
    """Whether it is the code of this moment, or a recovery code; neither is good for a second time."""
    guesses.count("code", user)
    rows = {row.type: row for row in Authenticator.objects.filter(user=user)}
    try:
        right = (_TOTP in rows and _use_code(rows[_TOTP], code)) or (
            _CODES in rows and bool(RecoveryCodes(rows[_CODES]).validate_code(code))
        )
    except Unreadable:
        logger.warning("The second factor of %s cannot be read: its secret key is gone.", user.get_username())
        return False
    if right:
        guesses.forget("code", user)
        _seal_anew(user)
    return right


def _use_code(row: Authenticator, code: str) -> bool:
    step = _step_of(get_adapter().decrypt(row.data["secret"]), code)
    if step is None:
        return False
    unused = Authenticator.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=step), pk=row.pk)
    return bool(unused.update(last_used_at=step))


@transaction.atomic
def _seal_anew(user: User) -> None:
    """By the newest secret key, so that the one before may be taken away some day."""
    if not settings.SECRET_KEY_FALLBACKS:
        return
    adapter = get_adapter()
    for row in Authenticator.objects.select_for_update().filter(user=user):
        name = "secret" if row.type == _TOTP else "seed"
        row.data[name] = adapter.encrypt(adapter.decrypt(row.data[name]))
        row.save(update_fields=["data"])


def _step_of(secret: str, code: str) -> datetime | None:
    """The start of the half minute whose code this is."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if totp.compare_user_code(actual=code, expected=expected):
            return datetime.fromtimestamp(step * app_settings.TOTP_PERIOD, UTC)
    return None
