"""Which browser serves which session, and how it is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine.config import EngineConfig, Geolocation, LaunchSpec, Look, Proxy, Viewport
from sessions_app.engine.flags import environment_of, flags_of, shape_of

SHELL, FULL = Path("/usr/bin/shell"), Path("/usr/bin/chromium")


def _config(**chromium: Path) -> EngineConfig:
    names = {"shell": "headless-shell", "full": "chromium"}
    found = {names[name]: path for name, path in chromium.items()}
    return EngineConfig(chromium=found, sessions_dir=Path("/nowhere"))


def test_the_default_image_runs_in_the_shell_without_emulation() -> None:
    shape = shape_of(LaunchSpec(session_id="s"), _config(shell=SHELL, full=FULL))
    assert (shape.binary, shape.emulates) == ("headless-shell", False)


def test_a_full_chromium_that_stands_in_is_treated_as_one() -> None:
    shape = shape_of(LaunchSpec(session_id="s"), _config(shell=FULL, full=FULL))
    assert (shape.binary, shape.emulates) == ("chromium", True)
    assert "--headless=new" in flags_of(shape, Viewport(), sandbox=True)


def test_what_a_session_asks_for_becomes_flags_and_environment() -> None:
    spec = LaunchSpec(
        session_id="s",
        viewport=Viewport(width=800, height=600, device_scale_factor=2),
        user_agent="Mine/1.0",
        locale="de-DE",
        timezone="Asia/Tokyo",
    )
    shape = shape_of(spec, _config(shell=SHELL))
    flags = flags_of(shape, spec.viewport, sandbox=True)
    asked = {
        "--window-size=800,600",
        "--force-device-scale-factor=2",
        "--user-agent=Mine/1.0",
        "--lang=de-DE",
        "--accept-lang=de-DE",
    }
    assert asked <= set(flags)
    assert environment_of(shape)["TZ"] == "Asia/Tokyo"


def test_the_sandbox_stays_on_unless_it_is_switched_off() -> None:
    shape = shape_of(LaunchSpec(session_id="s"), _config(shell=SHELL))
    assert "--no-sandbox" not in flags_of(shape, Viewport(), sandbox=True)
    assert "--no-sandbox" in flags_of(shape, Viewport(), sandbox=False)
    assert not [flag for flag in flags_of(shape, Viewport(), sandbox=True) if "debugging-port" in flag]


def _flags(**asked: Any) -> set[str]:
    """Those that it has more than a plain session."""
    config = _config(shell=SHELL)
    plain, shape = (shape_of(LaunchSpec(session_id="s", **more), config) for more in ({}, asked))
    usual = flags_of(plain, Viewport(), sandbox=True)
    return set(flags_of(shape, Viewport(), sandbox=True)) - set(usual)


PROXY = Proxy(
    server="http://proxy.example:3128", bypass="localhost,*.corp", username="ada", password="secret"
)


@pytest.mark.parametrize(
    ("asked", "flags"),
    [
        ({"color_scheme": "dark"}, {"--blink-settings=preferredColorScheme=0"}),
        ({"color_scheme": "light"}, set()),
        ({"block": frozenset({"images"})}, {"--blink-settings=imagesEnabled=false"}),
        ({"block": frozenset({"fonts"})}, {"--disable-remote-fonts"}),
        ({"block": frozenset({"ads", "media"})}, set()),
        (
            {"block": frozenset({"images"}), "color_scheme": "dark"},
            {"--blink-settings=imagesEnabled=false,preferredColorScheme=0"},
        ),
        ({"ignore_https_errors": True}, {"--ignore-certificate-errors"}),
        (
            {"proxy": PROXY},
            {"--proxy-server=http://proxy.example:3128", "--proxy-bypass-list=<-loopback>,localhost,*.corp"},
        ),
        (
            {"proxy": Proxy(server="socks5://proxy.example:1080")},
            {"--proxy-server=socks5://proxy.example:1080", "--proxy-bypass-list=<-loopback>"},
        ),
        ({"look": Look(geolocation=Geolocation(latitude=1, longitude=2), show_cursor=True)}, set()),
    ],
)
def test_a_launch_option_is_a_flag_where_chromium_has_one(asked: dict[str, Any], flags: set[str]) -> None:
    """One without a flag leaves the shape as it is, so that a warm browser serves it."""
    assert _flags(**asked) == flags
