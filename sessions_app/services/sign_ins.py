"""The browsers in which somebody is logged in: noted at each login, seen now and then, ended one by one or together."""

from __future__ import annotations

import math
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session as LoginSession
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from sessions_app.engine.wire import CLOSE_RESTARTING
from sessions_app.models import SignIn
from sessions_app.services import audit, lookup, trace
from sessions_app.services.errors import NotFound

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

    from sessions_app.models import User

_NOTED_EVERY = timedelta(minutes=1)
_REMEMBERED_AT_ONCE = 1000
# The first that is found: most browsers also call themselves by others' names.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/|FxiOS/": "Firefox",
    "Chrome/|CriOS/|Chromium/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}

# When the rows of which logins were last brought up to date.
_seen: dict[str, float] = {}
forget_seen = _seen.clear


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    note(user, request.session, request.META.get("HTTP_USER_AGENT", ""))


def note(user: User, login: SessionBase, user_agent: str) -> None:
    if login.session_key is None:
        login.save()
    _remember(str(login.session_key))
    now = timezone.now()
    facts = {
        "user": user,
        "user_agent": user_agent[:255],
        "address": trace.address.get()[:64],
        "seen_at": now,
    }
    SignIn.objects.update_or_create(
        login_id=login.session_key, defaults=facts, create_defaults={**facts, "created_at": now}
    )


async def see(key: str | None) -> None:
    """That somebody is still there, with the address of today; at most once a minute."""
    if key is None or time.monotonic() - _seen.get(key, -math.inf) < _NOTED_EVERY.total_seconds():
        return
    _remember(key)
    stale = SignIn.objects.filter(login=key, seen_at__lt=timezone.now() - _NOTED_EVERY)
    await stale.aupdate(seen_at=timezone.now(), address=trace.address.get()[:64])


def _remember(key: str) -> None:
    if len(_seen) >= _REMEMBERED_AT_ONCE:
        _seen.clear()
    _seen[key] = time.monotonic()


async def of(user: User) -> list[SignIn]:
    """The one seen last comes first."""
    rows = SignIn.objects.filter(user=user, login__expire_date__gt=timezone.now())
    return [row async for row in rows.order_by("-seen_at", "-id")]


async def end(user: User, sign_in: int) -> None:
    """At once: whoever sits there is asked to log in, and sees nothing more."""
    if not await sync_to_async(_end)(user, pk=sign_in):
        raise NotFound("That login has ended already.")
    ask_again(user)


async def end_others(user: User, key: str | None) -> int:
    """All but the one with this key; how many."""
    ended = await sync_to_async(_end)(user, but=key)
    ask_again(user)
    return ended


@transaction.atomic
def _end(user: User, *, but: str | None = None, **which: int) -> int:
    rows = SignIn.objects.filter(user=user, **which).exclude(login=but)
    keys = list(rows.values_list("login_id", flat=True))
    LoginSession.objects.filter(pk__in=keys).delete()
    if keys:
        audit.enter_own(user, "login.ended", count=len(keys))
    return len(keys)


def ask_again(user: User) -> None:
    """Closes what this person watches; a page whose login stands opens it again by itself."""
    for live in lookup.all_live():
        for viewer in list(live.audience.hub.viewers.values()):
            if viewer.user_id == str(user.pk):
                viewer.close(CLOSE_RESTARTING)


def device(user_agent: str) -> str:
    """Such as "Firefox on Linux"."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "An unknown browser"


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if re.search(mark, user_agent)), "")
