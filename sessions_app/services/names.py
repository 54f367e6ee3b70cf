"""Names that people give to things."""

from __future__ import annotations

from sessions_app.services.errors import Invalid

MAX_NAME = 200


def checked_name(name: str) -> str:
    """Without the spaces around it; raises Invalid."""
    name = name.strip()
    if not name or len(name) > MAX_NAME:
        raise Invalid(f"1 to {MAX_NAME} characters are needed", field="name")
    if not name.isprintable():
        raise Invalid("a name stands on one line", field="name")
    return name
