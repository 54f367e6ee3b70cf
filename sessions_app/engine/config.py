"""What the engine is told: its own settings and, for each session, how to launch it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
class Image:
    """A named launch preset."""

    binary: str
    title: str


IMAGES: dict[str, Image] = {
    "browser_latest": Image(binary=HEADLESS_SHELL, title="Headless Chromium (default)"),
    "linux_latest": Image(binary=HEADLESS_SHELL, title="Headless Chromium (same as browser_latest)"),
    "chromium": Image(binary=FULL_CHROMIUM, title="Full Chromium"),
}
DEFAULT_IMAGE = "browser_latest"


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
    idle_timeout: int = 300
    max_lifetime: int = 3600
    watching_keeps_alive: bool = True
    # Seconds of its lifetime that an earlier browser of the same session has used.
    lived: float = 0
