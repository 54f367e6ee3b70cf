"""What a session is asked to be, and whether it may."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings

from sessions_app.engine.address import check_address
from sessions_app.engine.config import DEFAULT_IMAGE, IMAGES, Viewport
from sessions_app.engine.errors import AddressRefused
from sessions_app.models.session import MAX_SECONDS, OnClientClose, OnCrash, WhileControlled
from sessions_app.services import options
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sessions_app.engine.config import Geolocation, Proxy

MAX_NAME = 200
MAX_LABELS = 50
MAX_USER_AGENT = 1024
VIEWPORT_SIDE = range(100, 4097)
SCALE_FACTORS = (0.5, 4.5)
LABEL_KEY = re.compile(r"[A-Za-z0-9._/-]{1,63}")
MAX_LABEL_VALUE = 255
_LOCALE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
# Header values travel on one line.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """`viewport` and `user_agent` win over those of the device."""

    url: str = ""
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    image_id: str = DEFAULT_IMAGE
    device: str | None = None
    viewport: Viewport | None = None
    user_agent: str | None = None
    locale: str | None = None
    timezone: str | None = None
    geolocation: Geolocation | None = None
    color_scheme: str | None = None
    proxy: Proxy | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ignore_https_errors: bool = False
    block: Collection[str] = ()
    init_scripts: Sequence[str] = field(default=(), repr=False)
    show_cursor: bool = False
    idle_timeout: int = field(default_factory=lambda: int(settings.QUARTERDECK_IDLE_TIMEOUT))
    max_lifetime: int = field(default_factory=lambda: int(settings.QUARTERDECK_MAX_LIFETIME))
    watching_keeps_alive: bool = True
    on_crash: str = OnCrash.END
    on_client_close: str = OnClientClose.DETACH
    while_controlled: str = WhileControlled.REFUSE


def checked(asked: NewSession) -> NewSession:
    """The same with its address made absolute and its screen known; raises Invalid."""
    check_name(asked.name)
    check_labels(asked.labels)
    if asked.image_id not in IMAGES:
        raise Invalid(f"unknown image; there are {', '.join(IMAGES)}", field="image_id")
    asked = _on_its_device(asked)
    _check_identity(asked)
    _check_options(asked)
    check_seconds(asked.idle_timeout, "idle_timeout")
    check_seconds(asked.max_lifetime, "max_lifetime")
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


def _on_its_device(asked: NewSession) -> NewSession:
    device = options.device_of(asked.device, asked.image_id)
    viewport = asked.viewport or (device.viewport if device else Viewport())
    _check_viewport(viewport)
    user_agent = asked.user_agent or (device.user_agent if device else None)
    return replace(asked, viewport=viewport, user_agent=user_agent)


def _check_options(asked: NewSession) -> None:
    if asked.geolocation:
        options.check_geolocation(asked.geolocation)
    if asked.proxy:
        options.check_proxy(asked.proxy)
    options.check_color_scheme(asked.color_scheme)
    options.check_headers(asked.headers)
    options.check_block(asked.block)
    options.check_init_scripts(asked.init_scripts)
    options.check_policies(
        on_crash=asked.on_crash,
        on_client_close=asked.on_client_close,
        while_controlled=asked.while_controlled,
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
