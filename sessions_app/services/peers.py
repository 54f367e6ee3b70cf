"""Who stands at the other end of a connection."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

# What a proxy adds; one is enough to tell that somebody else may stand behind a local address.
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via")


def is_local(address: str, headers: Container[str]) -> bool:
    """From this machine itself; behind a proxy everybody would look as if."""
    try:
        return ip_address(address).is_loopback and not any(name in headers for name in _PROXIED)
    except ValueError:
        return False
