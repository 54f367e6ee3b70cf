"""Which addresses a session may open."""

from __future__ import annotations

import re

from sessions_app.engine.errors import AddressRefused

ALLOWED_SCHEMES = frozenset({"http", "https", "about", "data", "blob"})
MAX_LENGTH = 64 * 1024
# As the URL standard's parser does: C0 controls and spaces around are dropped, tabs and newlines anywhere.
_EDGES = "".join(map(chr, range(0x21)))
_REMOVED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_ABOUT = re.compile(r"about:(blank|srcdoc)([?#]|$)")
_HOST_AND_PORT = re.compile(r"[^/?#\s@]+?(:\d{1,5})?([/?#]|$)")
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?([/?#]|$)", re.IGNORECASE)


def scheme_of(address: str) -> str:
    """The scheme as Chromium will read it, lower case; "" when there is none."""
    found = _SCHEME.match(_cleaned(address))
    return found[1].lower() if found else ""


def is_allowed(address: str) -> bool:
    """Whether a CDP client may pass this address on as it is; a relative one has no scheme and is harmless."""
    scheme = scheme_of(address)
    return not scheme or (scheme in ALLOWED_SCHEMES and not _is_inside(address))


def _is_inside(address: str) -> bool:
    """Whether it shows the browser's own inside: full Chromium opens chrome:version for about:version."""
    cleaned = _cleaned(address).lower()
    return cleaned.startswith("about:") and _ABOUT.match(cleaned) is None


def _cleaned(address: str) -> str:
    return _REMOVED.sub("", address.strip(_EDGES))


def check_address(address: str) -> str:
    """The address to open: what a person typed, made absolute ("example.com" → "https://example.com").

    Raises AddressRefused for a scheme that could show this machine's files or the browser's inside,
    and for text that is no address.
    """
    cleaned = _cleaned(address)
    if not cleaned:
        return "about:blank"
    if len(cleaned) > MAX_LENGTH:
        raise AddressRefused(cleaned, f"it is longer than {MAX_LENGTH} characters.")
    if _LOCAL.match(cleaned):
        return f"http://{cleaned}"
    scheme = scheme_of(cleaned)
    if scheme in ALLOWED_SCHEMES and not _is_inside(cleaned):
        return cleaned
    if scheme == "about":
        raise AddressRefused(cleaned, "of about: only about:blank may be opened.")
    host = _HOST_AND_PORT.match(cleaned)
    if host and (not scheme or host[1]):
        return f"https://{cleaned}"
    if scheme:
        raise AddressRefused(cleaned, f"{scheme}: is not one of {', '.join(sorted(ALLOWED_SCHEMES))}.")
    raise AddressRefused(cleaned, "it is not an address.")
