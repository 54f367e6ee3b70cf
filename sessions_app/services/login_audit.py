"""Logins, told by Django's and django-axes' signals, become entries of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from sessions_app.services import audit

if TYPE_CHECKING:
    from django.http import HttpRequest

    from sessions_app.models import User


@receiver(user_logged_in)
def _succeeded(user: User, **_: Any) -> None:
    audit.enter_own(user, "login.succeeded")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # django-axes heard of it first; what it locks out is another entry.
    if not getattr(request, "axes_locked_out", False):
        # Whoever comes so far has the password.
        detail = {"at": "second factor"} if "second_factor" in credentials else {}
        _refused("login.failed", str(credentials.get("username", "")), **detail)


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str, **_: Any) -> None:
    # Said again for every attempt while the lock lasts; this is the one that brought it about.
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        _refused("login.locked_out", username)


def _refused(action: str, username: str, **detail: str) -> None:
    name = username[:150]
    audit.enter(
        action, name, project_id=None, actor_kind="visitor", actor_id="", actor_name=name, detail=detail
    )
