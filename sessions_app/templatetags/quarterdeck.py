"""Moments, durations and short addresses in words; static/js/page/time.js says the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()

MINUTE, HOUR, DAY, MONTH = 60, 3600, 24 * 3600, 30 * 24 * 3600


def ago(seconds: float) -> str:
    """Empty when a date says more."""
    if seconds < MINUTE:
        return "just now"
    for limit, unit, word in ((HOUR, MINUTE, "min"), (DAY, HOUR, "h"), (MONTH, DAY, "d")):
        if seconds < limit:
            return f"{math.floor(seconds / unit)} {word} ago"
    return ""


@register.filter
def clock(seconds: float) -> str:
    """65 → 1:05, 3725 → 1:02:05."""
    whole = max(0, math.floor(seconds))
    minutes, rest = divmod(whole, MINUTE)
    if minutes < MINUTE:
        return f"{minutes}:{rest:02}"
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}"


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime) -> str:
    """How long ago, and the exact moment on hover."""
    text = ago((context["now"] - at).total_seconds()) or f"{at:%Y-%m-%d}"
    return _time(at, "ago", text)


@register.simple_tag
def exactly(at: datetime) -> str:
    """For moments to come, of which the day alone says too little."""
    return _time(at, "exact", f"{at:%Y-%m-%d %H:%M:%S} UTC")


@register.simple_tag(takes_context=True)
def since(context: template.Context, at: datetime) -> str:
    """A clock that counts up."""
    return _time(at, "since", clock((context["now"] - at).total_seconds()))


@register.simple_tag(takes_context=True)
def until(context: template.Context, at: datetime) -> str:
    """A clock that counts down."""
    return _time(at, "until", clock((at - context["now"]).total_seconds()))


@register.filter
def bare(url: str) -> str:
    """An address for reading in passing: without the scheme of the web and a lone slash at its end."""
    shown = url.removeprefix("https://").removeprefix("http://")
    return shown[:-1] if shown.count("/") == 1 and shown.endswith("/") else shown


@register.filter
def section(path: str) -> str:
    """Which entry of the rail an address belongs to."""
    return path.split("/")[1] or "sessions"


def _time(at: datetime, kind: str, text: str) -> str:
    exact = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return format_html(
        '<time datetime="{}" title="{}" data-clock="{}">{}</time>', at.isoformat(), exact, kind, text
    )
