"""What an authenticator app does."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth as totp


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of this moment, or of one so many steps from it."""
    step = int(time.time()) // app_settings.TOTP_PERIOD + steps
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))
