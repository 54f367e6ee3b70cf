"""Whether the options of a launch may be: its proxy, its headers, what its pages are given and refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessions_app.engine.config import BLOCKABLE, COLOR_SCHEMES, IMAGES, Viewport
from sessions_app.engine.devices import devices
from sessions_app.models import OnClientClose, OnCrash, WhileControlled
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from sessions_app.engine.config import Geolocation, Proxy
    from sessions_app.engine.devices import Device

MAX_INIT_SCRIPTS = 10
MAX_INIT_SCRIPT_BYTES = 100_000
MAX_HEADERS = 50
MAX_HEADER_BYTES = 8192
MAX_PROXY_TEXT = 1024
PROXY_SCHEMES = ("http", "https", "socks5")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
# These belong to the connection; a browser sends its own, or none.
OWN_HEADERS = frozenset(
    [
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_BYPASS = re.compile(r"[A-Za-z0-9.*:/_<>\[\], -]*")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


def device_of(name: str | None, image_id: str) -> Device | None:
    """The device that was asked for, or the image's own. Raises Invalid."""
    if name is None:
        image = IMAGES.get(image_id)
        return devices()[image.device] if image and image.device else None
    try:
        return devices()[name]
    except KeyError:
        raise Invalid(
            f"not one of the devices that Playwright knows, such as iPhone 15, but {name[:80]!r}",
            field="device",
        ) from None


def viewport_of(name: str | None, image_id: str, given: Mapping[str, Any]) -> Viewport:
    """The device's or the usual one, but for what was given. Raises Invalid."""
    device = device_of(name, image_id)
    usual = vars(device.viewport if device else Viewport())
    return Viewport(**{**usual, **given})


def check_geolocation(place: Geolocation) -> None:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        if not -limit <= getattr(place, name) <= limit:
            raise Invalid(f"not within -{limit} and {limit} degrees", field=f"geolocation.{name}")
    if not 0 <= place.accuracy <= 1e6:
        raise Invalid("not within 0 and 1000000 metres", field="geolocation.accuracy")


def check_color_scheme(scheme: str | None) -> None:
    if scheme is not None and scheme not in COLOR_SCHEMES:
        raise Invalid(f"not one of {', '.join(COLOR_SCHEMES)}", field="color_scheme")


def check_block(block: Collection[str]) -> None:
    for what in block:
        if what not in BLOCKABLE:
            raise Invalid(f"not one of {', '.join(BLOCKABLE)}", field="block")


def check_proxy(proxy: Proxy) -> None:
    scheme = _proxy_scheme(proxy.server)
    if scheme == "socks5" and (proxy.username or proxy.password):
        raise Invalid("Chromium gives a SOCKS proxy no credentials", field="proxy.username")
    if proxy.password and not proxy.username:
        raise Invalid("a password needs a username", field="proxy.username")
    for name in ("username", "password"):
        text = getattr(proxy, name)
        if len(text) > MAX_PROXY_TEXT or _CONTROL_CHARACTER.search(text):
            raise Invalid(f"not one line of at most {MAX_PROXY_TEXT} characters", field=f"proxy.{name}")
    if len(proxy.bypass) > MAX_PROXY_TEXT or not _BYPASS.fullmatch(proxy.bypass):
        raise Invalid("not a list such as localhost, *.example.com", field="proxy.bypass")


def _proxy_scheme(server: str) -> str:
    problem = Invalid(
        "not an address such as http://proxy.example:3128; http, https and socks5 are served",
        field="proxy.server",
    )
    if len(server) > MAX_PROXY_TEXT or not server.isascii() or _CONTROL_CHARACTER.search(server):
        raise problem
    try:
        parts = urlsplit(server)
        port = parts.port
    except ValueError:
        raise problem from None
    if parts.username is not None:
        raise Invalid("credentials have fields of their own", field="proxy.server")
    bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    if (
        parts.scheme not in PROXY_SCHEMES
        or not _HOST.fullmatch(parts.hostname or "")
        or port == 0
        or not bare
    ):
        raise problem
    return parts.scheme


def check_headers(headers: Mapping[str, str]) -> None:
    if len(headers) > MAX_HEADERS:
        raise Invalid(f"more than {MAX_HEADERS} headers", field="headers")
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name):
            raise Invalid(f"not the name of a header: {name[:80]!r}", field="headers")
        if name.lower() in OWN_HEADERS:
            raise Invalid(f"{name} belongs to the connection and cannot be set", field="headers")
        if not _HEADER_VALUE.fullmatch(value):
            raise Invalid("not one line of ASCII characters", field=f"headers.{name}")
    if sum(len(name) + len(value) for name, value in headers.items()) > MAX_HEADER_BYTES:
        raise Invalid(f"longer than {MAX_HEADER_BYTES} bytes together", field="headers")
    if len({name.lower() for name in headers}) < len(headers):
        raise Invalid("a name stands here twice", field="headers")


def check_init_scripts(scripts: Sequence[str]) -> None:
    if len(scripts) > MAX_INIT_SCRIPTS:
        raise Invalid(f"more than {MAX_INIT_SCRIPTS} scripts", field="init_scripts")
    try:
        size = sum(len(script.encode()) for script in scripts)
    except UnicodeEncodeError:
        raise Invalid("half a character stands in it", field="init_scripts") from None
    if size > MAX_INIT_SCRIPT_BYTES:
        raise Invalid(f"longer than {MAX_INIT_SCRIPT_BYTES} bytes together", field="init_scripts")


def check_policies(**chosen: str) -> None:
    """`on_crash`, `on_client_close` and `while_controlled`."""
    known = {
        "on_crash": OnCrash,
        "on_client_close": OnClientClose,
        "while_controlled": WhileControlled,
    }
    for name, value in chosen.items():
        if value not in known[name].values:
            raise Invalid(f"not one of {', '.join(known[name].values)}", field=name)
