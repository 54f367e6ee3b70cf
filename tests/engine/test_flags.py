"""Which browser serves which session, and how it is started."""

from __future__ import annotations

from pathlib import Path

from sessions_app.engine.config import EngineConfig, LaunchSpec, Viewport
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
