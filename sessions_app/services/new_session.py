"""What a session is asked to be, and whether it may."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings

from sessions_app.engine.address import check_address
from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, LaunchSpec, Viewport
from sessions_app.engine.errors import AddressRefused
from sessions_app.models.session import MAX_SECONDS, OnCrash
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.models import Session

MAX_NAME = 200
MAX_LABELS = 50
MAX_USER_AGENT = 1024
VIEWPORT_SIDE = range(100, 4097)
SCALE_FACTORS = (0.5, 4.0)
LABEL_KEY = re.compile(r"[A-Za-z0-9._/-]{1,63}")
MAX_LABEL_VALUE = 255
_LOCALE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
# Header values travel on one line.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class NewSession:
    url: str = ""
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    image_id: str = DEFAULT_IMAGE
    viewport: Viewport = field(default_factory=Viewport)
    user_agent: str | None = None
    locale: str | None = None
    timezone: str | None = None
    idle_timeout: int = field(default_factory=lambda: int(settings.QUARTERDECK_IDLE_TIMEOUT))
    max_lifetime: int = field(default_factory=lambda: int(settings.QUARTERDECK_MAX_LIFETIME))
    watching_keeps_alive: bool = True
    on_crash: str = OnCrash.END


def checked(asked: NewSession) -> NewSession:
    """The same with its address made absolute; raises Invalid."""
    check_name(asked.name)
    check_labels(asked.labels)
    if asked.image_id not in IMAGES:
        raise Invalid(f"unknown image; there are {', '.join(IMAGES)}", field="image_id")
    _check_viewport(asked.viewport)
    _check_identity(asked)
    check_seconds(asked.idle_timeout, "idle_timeout")
    check_seconds(asked.max_lifetime, "max_lifetime")
    if asked.on_crash not in OnCrash.values:
        raise Invalid(f"not one of {', '.join(OnCrash.values)}", field="on_crash")
    return replace(asked, url=address(asked.url))


def address(url: str) -> str:
    try:
        return check_address(url)
    except AddressRefused as refusal:
        raise Invalid(str(refusal), field="url", code="address_refused") from None


def check_name(name: str) -> None:
    if len(name) > MAX_NAME:
        raise Invalid(f"longer than {MAX_NAME} characters", field="name")


def check_seconds(value: int, field: str) -> None:
    if not 1 <= value <= MAX_SECONDS:
        raise Invalid(f"not within 1 and {MAX_SECONDS} seconds", field=field)


def check_labels(labels: Mapping[str, str]) -> None:
    if len(labels) > MAX_LABELS:
        raise Invalid(f"more than {MAX_LABELS} labels", field="labels")
    for key, value in labels.items():
        if not LABEL_KEY.fullmatch(key):
            raise Invalid(f"a key is 1 to 63 of A-Z a-z 0-9 . _ / -, not {key[:80]!r}", field="labels")
        if len(value) > MAX_LABEL_VALUE:
            raise Invalid(f"longer than {MAX_LABEL_VALUE} characters", field=f"labels.{key}")


def launch_spec(row: Session) -> LaunchSpec:
    return LaunchSpec(
        session_id=row.id,
        name=row.name,
        url=row.url,
        image_id=row.image_id,
        viewport=Viewport(**row.viewport),
        user_agent=row.user_agent or None,
        locale=row.locale or None,
        timezone=row.timezone or None,
        idle_timeout=row.idle_timeout,
        max_lifetime=row.max_lifetime,
        watching_keeps_alive=row.watching_keeps_alive,
    )


def _check_viewport(viewport: Viewport) -> None:
    for side in ("width", "height"):
        if getattr(viewport, side) not in VIEWPORT_SIDE:
            bounds = f"{VIEWPORT_SIDE.start} and {VIEWPORT_SIDE.stop - 1}"
            raise Invalid(f"not within {bounds} pixels", field=f"viewport.{side}")
    low, high = SCALE_FACTORS
    if not low <= viewport.device_scale_factor <= high:
        raise Invalid(f"not within {low} and {high}", field="viewport.device_scale_factor")


def _check_identity(asked: NewSession) -> None:
    agent = asked.user_agent or ""
    if len(agent) > MAX_USER_AGENT or _CONTROL_CHARACTER.search(agent):
        raise Invalid(f"not one line of at most {MAX_USER_AGENT} characters", field="user_agent")
    if asked.locale and not (len(asked.locale) <= 35 and _LOCALE.fullmatch(asked.locale)):
        raise Invalid("not a locale such as en-GB", field="locale")
    if asked.timezone and asked.timezone not in _timezones():
        raise Invalid("not a timezone such as Europe/Berlin", field="timezone")


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())
