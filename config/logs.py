"""Log records as lines of `key=value` or of JSON, with what is being served, and never with a secret."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

import orjson

from sessions_app.services import trace

# Whatever quotes an address, a header or an object may bring one along; Daphne and Twisted do.
_SECRETS = (
    # A parameter that names a secret, in a query, a form or a dictionary.
    (
        re.compile(
            r"""((?:token|ticket|password|passwd|secret|cookie|csrf\w*|api[_-]?key|x-api-key|authorization)"""
            r"""["']?\s*[=:]\s*b?["']?)(?:bearer\s+)?[^\s"'&,;}\])]+""",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
    (re.compile(r"(\bbearer\s+)[^\s\"']+", re.IGNORECASE), r"\1…"),
    (re.compile(r"(/(?:live/[\w-]+|setup)#)[^\s\"']+"), r"\1…"),
    # A key by its prefix, and any run of letters as long as our shortest secret.
    (re.compile(r"\b(qd_[0-9a-f]{8}_)[\w-]+"), r"\1…"),
    (re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43,}(?![\w-])"), "…"),
)
_PLAIN = re.compile(r"[^\s\x00-\x1f\x7f\"'=\\]+")


def without_secrets(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def is_ours(record: logging.LogRecord) -> bool:
    """Not a page that a program could not open (502), nor a call that took longer than it was given (504)."""
    return getattr(record, "status_code", None) not in (502, 504)


class _Formatter(logging.Formatter):
    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """`extra={"fields": {…}}` adds its own."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        known = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": trace.request_id.get(),
            "session": trace.session_id.get(),
            **getattr(record, "fields", {}),
            "msg": without_secrets(record.getMessage()),
        }
        return {name: value for name, value in known.items() if value != ""}

    def trouble(self, record: logging.LogRecord) -> str:
        return without_secrets(self.formatException(record.exc_info)) if record.exc_info else ""


class LineFormatter(_Formatter):
    """`key=value`, one record a line: a line break in a message (it may quote a page) cannot forge another."""

    def format(self, record: logging.LogRecord) -> str:
        line = " ".join(f"{name}={_quoted(value)}" for name, value in self.fields(record).items())
        trouble = self.trouble(record)
        return f"{line}\n{trouble}" if trouble else line


class JsonFormatter(_Formatter):
    """One JSON object a line, a traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        fields = self.fields(record)
        if trouble := self.trouble(record):
            fields["exception"] = trouble
        return orjson.dumps(fields, default=str).decode()


FORMATTERS = {"text": "config.logs.LineFormatter", "json": "config.logs.JsonFormatter"}


def _quoted(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else orjson.dumps(text).decode()
