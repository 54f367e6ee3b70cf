"""The scripts that steps run in pages, each in a file beside this one."""

from __future__ import annotations

from sessions_app.engine.automation.scripts import scripts_beside

script = scripts_beside(__file__)
