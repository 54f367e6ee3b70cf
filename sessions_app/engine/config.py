"""What the engine is told: its own settings and, for each session, how to launch it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADLESS_SHELL = "headless-shell"
FULL_CHROMIUM = "chromium"


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """Size in CSS pixels."""

    width: int = 1280
    height: int = 720
    device_scale_factor: float = 1
    mobile: bool = False


@dataclass(frozen=True, kw_only=True)
class Geolocation:
    """Where pages are told that they are: degrees, and metres."""

    latitude: float
    longitude: float
    accuracy: float = 0


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """`server` is an address without credentials, `bypass` a list of hosts with commas between them."""

    server: str
    bypass: str = ""
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the pages of a session are given: each tab before its first document, with its frames and workers."""

    geolocation: Geolocation | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    init_scripts: tuple[str, ...] = field(default=(), repr=False)
    show_cursor: bool = False
    # A phone's user agent, which has more to say than a flag can.
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Image:
    """A named launch preset; `device` is one of Playwright's names."""

    binary: str
    title: str
    device: str | None = None


IMAGES: dict[str, Image] = {
    "browser_latest": Image(binary=HEADLESS_SHELL, title="Headless Chromium (default)"),
    "linux_latest": Image(binary=HEADLESS_SHELL, title="Headless Chromium (same as browser_latest)"),
    "chromium": Image(binary=FULL_CHROMIUM, title="Full Chromium"),
    "mobile": Image(binary=HEADLESS_SHELL, title="Phone (headless Chromium)", device="Pixel 7"),
}
DEFAULT_IMAGE = "browser_latest"
COLOR_SCHEMES = ("light", "dark", "no-preference")
# What a session may refuse to load.
BLOCKABLE = ("ads", "images", "fonts", "media")


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """`chromium` maps a binary's kind to its path; `sessions_dir` holds one folder a running session."""

    chromium: dict[str, Path]
    sessions_dir: Path
    max_sessions: int = 32
    max_viewers: int = 100
    warm: int = 1
    sandbox: bool = True

    def kind_for(self, image_id: str) -> str:
        """The kind of binary that serves an image: a full Chromium stands in for a missing headless shell."""
        kind = IMAGES[image_id].binary
        return FULL_CHROMIUM if self.chromium.get(kind) == self.chromium.get(FULL_CHROMIUM) else kind


@dataclass(frozen=True, kw_only=True)
class LaunchSpec:
    """One session to launch; timeouts in seconds."""

    session_id: str
    name: str = ""
    url: str = "about:blank"
    image_id: str = DEFAULT_IMAGE
    viewport: Viewport = field(default_factory=Viewport)
    user_agent: str | None = None
    locale: str | None = None
    timezone: str | None = None
    color_scheme: str | None = None
    proxy: Proxy | None = None
    ignore_https_errors: bool = False
    block: frozenset[str] = frozenset()
    look: Look = field(default_factory=Look)
    idle_timeout: int = 300
    max_lifetime: int = 3600
    watching_keeps_alive: bool = True
    # Seconds of its lifetime that an earlier browser of the same session has used.
    lived: float = 0
