"""What is being served right now: which request, from which address, about which session."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
# Of the client; behind a proxy that is trusted, the one that the proxy names. Empty: a command or the server itself.
address: ContextVar[str] = ContextVar("address", default="")
session_id: ContextVar[str] = ContextVar("session_id", default="")
