"""The management commands, as a person at a shell runs them."""

from __future__ import annotations

import io

from django.core.management import call_command


def run(*args: str) -> str:
    """What the command printed."""
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()
