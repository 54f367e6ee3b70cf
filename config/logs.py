"""Log lines: `2026-11-20T09:12:33.120Z info sessions_app.services request=req_… message`."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from datetime import UTC, datetime

current_request: ContextVar[str] = ContextVar("current_request", default="")


class LineFormatter(logging.Formatter):
    """One record a line; a line break in a message (it may quote a page) cannot forge another."""

    def format(self, record: logging.LogRecord) -> str:
        at = (
            datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )
        request = current_request.get()
        parts = [at, record.levelname.lower(), record.name]
        if request:
            parts.append(f"request={request}")
        parts.append(record.getMessage().replace("\r", "\\r").replace("\n", "\\n"))
        line = " ".join(parts)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
