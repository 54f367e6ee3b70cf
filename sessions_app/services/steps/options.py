"""The options of steps, by the names of Puppeteer on the left and as Playwright takes them on the right."""

from __future__ import annotations

from typing import Any

from sessions_app.services.steps.kinds import (
    Kind,
    Misfit,
    either,
    filled_words,
    flag,
    length,
    milliseconds,
    number,
    one_of,
    shape,
    whole_number,
    words,
)

Parts = dict[str, tuple[str, Kind]]

SIDES = (100, 4096)
_ARRIVALS = {
    "commit": "commit",
    "domcontentloaded": "domcontentloaded",
    "load": "load",
    "networkidle": "networkidle",
    "networkidle0": "networkidle",
    "networkidle2": "networkidle",
}
_IN_TIME = ("commit", "domcontentloaded", "load", "networkidle")
_arrival = one_of(_ARRIVALS)


def _arrivals(value: Any) -> Any:
    """Puppeteer takes several; the one that comes last is waited for."""
    if not isinstance(value, list):
        return _arrival(value)
    if not value:
        raise Misfit("an empty list will not do")
    return max(map(_arrival, value), key=_IN_TIME.index)


PATIENCE: Parts = {"timeout": ("timeout", milliseconds)}
NAVIGATION: Parts = {"waitUntil": ("wait_until", _arrivals), **PATIENCE}
CLICK: Parts = {
    "button": ("button", one_of({"left": "left", "right": "right", "middle": "middle"})),
    "clickCount": ("click_count", whole_number(1, 10)),
    "count": ("click_count", whole_number(1, 10)),
    "delay": ("delay", number(0, 10_000)),
    **PATIENCE,
}
TYPING: Parts = {"delay": ("delay", number(0, 10_000)), **PATIENCE}
APPEARANCE: Parts = {"visible": ("visible", flag), "hidden": ("hidden", flag), **PATIENCE}
POLLING: Parts = {
    "polling": (
        "polling",
        # Puppeteer's words for "as soon as it may have changed".
        either(one_of({"raf": 16.0, "mutation": 16.0}), number(1, 60_000)),
    ),
    **PATIENCE,
}
_coordinate = number(0, 100_000)
_CLIP: Parts = {side: (side, _coordinate) for side in ("x", "y", "width", "height")}
PICTURE: Parts = {
    "type": ("type", one_of({"png": "png", "jpeg": "jpeg"})),
    "fullPage": ("full_page", flag),
    "quality": ("quality", whole_number(1, 100)),
    "clip": ("clip", shape(_CLIP, needed=tuple(_CLIP))),
    "omitBackground": ("omit_background", flag),
    "path": ("name", filled_words),
}
_MARGIN: Parts = {side: (side, length) for side in ("top", "right", "bottom", "left")}
_FORMATS = {
    name: name.capitalize()
    for name in ("letter", "legal", "tabloid", "ledger", "a0", "a1", "a2", "a3", "a4", "a5", "a6")
}
_FORMATS |= {name: name for name in list(_FORMATS.values())}
PAPER: Parts = {
    "format": ("format", one_of(_FORMATS)),
    "width": ("width", length),
    "height": ("height", length),
    "landscape": ("landscape", flag),
    "margin": ("margin", shape(_MARGIN)),
    "pageRanges": ("page_ranges", words),
    "preferCSSPageSize": ("prefer_css_page_size", flag),
    "printBackground": ("print_background", flag),
    "scale": ("scale", number(0.1, 2)),
    "displayHeaderFooter": ("display_header_footer", flag),
    "headerTemplate": ("header_template", words),
    "footerTemplate": ("footer_template", words),
    "path": ("name", filled_words),
}
viewport = shape(
    {
        "width": ("width", whole_number(*SIDES)),
        "height": ("height", whole_number(*SIDES)),
        "deviceScaleFactor": ("device_scale_factor", number(0.5, 4)),
        "isMobile": ("mobile", flag),
    },
    needed=("width", "height"),
)
_COOKIE_NAME: Parts = {
    "name": ("name", filled_words),
    "url": ("url", filled_words),
    "domain": ("domain", filled_words),
    "path": ("path", filled_words),
}
cookie_name = shape(_COOKIE_NAME, needed=("name",))
cookie = shape(
    {
        **_COOKIE_NAME,
        "value": ("value", words),
        "expires": ("expires", number(-1, 1e12)),
        "httpOnly": ("httpOnly", flag),
        "secure": ("secure", flag),
        "sameSite": ("sameSite", one_of({"Strict": "Strict", "Lax": "Lax", "None": "None"})),
    },
    needed=("name", "value"),
)


def shaped(parts: Parts) -> Kind:
    return shape(parts)


navigation = shape(NAVIGATION)
