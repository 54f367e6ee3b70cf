"""What a phone's browser says of itself beside its user agent: client hints; pure."""

from __future__ import annotations

import re
from typing import Any

_ANDROID = re.compile(r"Android (?P<version>[\d.]+)(?:; (?P<model>[^;)]+))?")
_CHROMIUM = re.compile(r"Chrome/(?P<version>(?P<major>\d+)[\d.]*)")


def agent_override(user_agent: str) -> dict[str, Any]:
    """For Emulation.setUserAgentOverride. Without metadata there are no hints at all, as with Safari and Firefox."""
    chromium = _CHROMIUM.search(user_agent)
    if chromium is None:
        return {"userAgent": user_agent}
    android = _ANDROID.search(user_agent)
    metadata = {
        "brands": _brands(chromium["major"], "8"),
        "fullVersionList": _brands(chromium["version"], "8.0.0.0"),
        "platform": "Android" if android else "Linux",
        "platformVersion": android["version"] if android else "",
        "model": (android["model"] or "").partition(" Build/")[0] if android else "",
        "architecture": "",
        "mobile": True,
    }
    return {"userAgent": user_agent, "userAgentMetadata": metadata}


def _brands(version: str, other: str) -> list[dict[str, str]]:
    return [
        {"brand": "Not:A-Brand", "version": other},
        {"brand": "Chromium", "version": version},
        {"brand": "Google Chrome", "version": version},
    ]
