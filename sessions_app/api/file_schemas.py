"""What the API says of a session's files."""

from __future__ import annotations

from datetime import datetime

from sessions_app.api.schemas import Answer


class FileOut(Answer):
    """`name` is relative, with `/` between folders."""

    name: str
    size: int
    modified_at: datetime
    content_type: str
