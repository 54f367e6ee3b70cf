"""Opaque, url-safe, prefixed ids."""

from __future__ import annotations

import secrets


def _new(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def session_id() -> str:
    return _new("ses")


def key_id() -> str:
    return _new("key")


def link_id() -> str:
    return _new("lnk")


def node_id() -> str:
    return _new("node")
