"""Devices that Playwright knows by name: their screens and user agents, as the installed package has them."""

from __future__ import annotations

import json
import mmap
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sessions_app.engine.config import Viewport

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUNDLE = "driver/package/lib/coreBundle.js"
_BEGINS = b"deviceDescriptorsSource_default = {"
_ENDS = b"\n    };"
_BARE_KEY = re.compile(r"^(\s+)(\w+):", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Device:
    viewport: Viewport
    user_agent: str


@cache
def devices() -> Mapping[str, Device]:
    """All of them by name; a millisecond when first asked."""
    return {name: _device(described) for name, described in json.loads(_source()).items()}


def _device(described: dict[str, Any]) -> Device:
    viewport = Viewport(
        **described["viewport"],
        device_scale_factor=described["deviceScaleFactor"],
        mobile=described["isMobile"],
    )
    return Device(viewport=viewport, user_agent=described["userAgent"])


def _source() -> str:
    """The literal in the driver's bundle as JSON: 4 MB of other things around it are not read."""
    with (
        files("playwright").joinpath(_BUNDLE).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bundle,
    ):
        begin = bundle.find(_BEGINS) + len(_BEGINS) - 1
        end = bundle.find(_ENDS, begin)
        literal = bundle[begin:end].decode() + "}"
    return _BARE_KEY.sub(r'\1"\2":', literal)
