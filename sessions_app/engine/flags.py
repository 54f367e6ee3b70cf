"""How Chromium is started for a session; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.engine.config import FULL_CHROMIUM

if TYPE_CHECKING:
    from sessions_app.engine.config import EngineConfig, LaunchSpec, Viewport

COMMON = (
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-search-engine-choice-screen",
    "--metrics-recording-only",
    # Small containers have a /dev/shm of 64 MB, in which tabs crash.
    "--disable-dev-shm-usage",
    # A tab that nobody looks at goes on working for the program that drives it.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # A popup that a person's click opens must come, also when the click arrived by DevTools.
    "--disable-popup-blocking",
    # A process and 12 MB less a session; on Linux that process has no sandbox of its own that would be lost.
    "--enable-features=NetworkServiceInProcess2",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,PaintHolding,NetworkTimeServiceQuerying",
    "--force-color-profile=srgb",
    # WebRTC must not tell pages this machine's addresses.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--password-store=basic",
    "--mute-audio",
    "--log-level=3",
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is fixed when a browser starts; a warm one serves every session of its shape."""

    binary: str
    device_scale_factor: float = 1
    mobile: bool = False
    user_agent: str | None = None
    locale: str | None = None
    timezone: str | None = None
    dark: bool = False
    proxy: str | None = None
    proxy_bypass: str = ""
    ignore_https_errors: bool = False
    images: bool = True
    fonts: bool = True

    @property
    def emulates(self) -> bool:
        """Whether the viewport is emulated: full Chromium's window has a frame, and a mobile screen is no window."""
        return self.mobile or self.binary == FULL_CHROMIUM


def shape_of(spec: LaunchSpec, config: EngineConfig) -> Shape:
    return Shape(
        binary=config.kind_for(spec.image_id),
        device_scale_factor=spec.viewport.device_scale_factor,
        mobile=spec.viewport.mobile,
        user_agent=spec.user_agent,
        locale=spec.locale,
        timezone=spec.timezone,
        dark=spec.color_scheme == "dark",
        proxy=spec.proxy.server if spec.proxy else None,
        proxy_bypass=spec.proxy.bypass if spec.proxy else "",
        ignore_https_errors=spec.ignore_https_errors,
        images="images" not in spec.block,
        fonts="fonts" not in spec.block,
    )


def flags_of(shape: Shape, viewport: Viewport, *, sandbox: bool) -> list[str]:
    flags = [*COMMON, "--headless=new" if shape.binary == FULL_CHROMIUM else "--headless"]
    flags.append(f"--window-size={viewport.width},{viewport.height}")
    if shape.device_scale_factor != 1:
        flags.append(f"--force-device-scale-factor={shape.device_scale_factor}")
    if shape.user_agent:
        flags.append(f"--user-agent={shape.user_agent}")
    if shape.locale:
        flags += [f"--lang={shape.locale}", f"--accept-lang={shape.locale}"]
    if not sandbox:
        flags.append("--no-sandbox")
    return [*flags, *_page_flags(shape), *_network_flags(shape), "about:blank"]


def _page_flags(shape: Shape) -> list[str]:
    blink = [] if shape.images else ["imagesEnabled=false"]
    if shape.dark:
        blink.append("preferredColorScheme=0")
    flags = [f"--blink-settings={','.join(blink)}"] if blink else []
    return flags if shape.fonts else [*flags, "--disable-remote-fonts"]


def _network_flags(shape: Shape) -> list[str]:
    flags = ["--ignore-certificate-errors"] if shape.ignore_https_errors else []
    if shape.proxy:
        # Without <-loopback> this machine's own addresses go past the proxy; later rules win over earlier ones.
        rules = ",".join(["<-loopback>", *filter(None, [shape.proxy_bypass])])
        flags += [f"--proxy-server={shape.proxy}", f"--proxy-bypass-list={rules}"]
    return flags


def environment_of(shape: Shape) -> dict[str, str]:
    environment = {}
    if shape.timezone:
        environment["TZ"] = shape.timezone
    if shape.locale:
        environment["LANGUAGE"] = shape.locale
    return environment
