"""Which addresses a session may open, and what becomes of what a person types."""

from __future__ import annotations

import pytest

from sessions_app.engine.address import MAX_LENGTH, check_address, is_allowed, scheme_of
from sessions_app.engine.errors import AddressRefused

ALLOWED = [
    ("", "about:blank"),
    ("  \t\n", "about:blank"),
    ("about:blank", "about:blank"),
    ("about:blank#anchor", "about:blank#anchor"),
    ("http://example.com/a?b#c", "http://example.com/a?b#c"),
    ("  https://example.com \n", "https://example.com"),
    ("HTTPS://EXAMPLE.COM", "HTTPS://EXAMPLE.COM"),
    ("data:text/html,<p>hi", "data:text/html,<p>hi"),
    ("blob:https://example.com/1", "blob:https://example.com/1"),
    ("example.com", "https://example.com"),
    ("example.com/a b?c=d:e", "https://example.com/a b?c=d:e"),
    ("example.com:8080", "https://example.com:8080"),
    ("example.com:8080/path", "https://example.com:8080/path"),
    ("localhost", "http://localhost"),
    ("localhost:3000", "http://localhost:3000"),
    ("LOCALHOST:3000/x", "http://LOCALHOST:3000/x"),
    ("127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
    ("[::1]:8000", "http://[::1]:8000"),
    ("localhost.example.com", "https://localhost.example.com"),
    ("bücher.example", "https://bücher.example"),
    ("192.0.2.7", "https://192.0.2.7"),
    ("ht\ntp://example.com", "http://example.com"),
]

FORBIDDEN = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    " \x00\x1f file:///etc/passwd",
    "fi\tle:///etc/passwd",
    "f\ri\nle:/etc/passwd",
    "view-source:file:///etc/passwd",
    "view-source:https://example.com",
    "chrome://version",
    "about:version",
    "ABOUT:\tsettings",
    "about:inducebrowsercrashforrealz",
    "about:blankets",
    "chrome-untrusted://terminal",
    "devtools://devtools/bundled/inspector.html",
    "filesystem:http://example.com/temporary/a",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "ftp://example.com/",
    "chrome-extension://abc/page.html",
    "mailto:a@example.com",
    "isolated-app://abc",
]


@pytest.mark.parametrize(("typed", "opened"), ALLOWED)
def test_it_makes_an_address_of_what_is_typed(typed: str, opened: str) -> None:
    assert check_address(typed) == opened
    assert check_address(opened) == opened


@pytest.mark.parametrize("typed", FORBIDDEN)
def test_it_refuses_what_shows_the_machine_or_the_browsers_inside(typed: str) -> None:
    with pytest.raises(AddressRefused, match="is refused"):
        check_address(typed)
    assert not is_allowed(typed)


@pytest.mark.parametrize("typed", ["hello world", "user@example.com:80 x", "\u00a0file:///etc/passwd x"])
def test_it_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(AddressRefused, match="it is not an address"):
        check_address(typed)


def test_it_refuses_what_is_too_long() -> None:
    data = "data:text/plain,"
    assert check_address(data.ljust(MAX_LENGTH, "a"))
    with pytest.raises(AddressRefused, match="longer than"):
        check_address(data.ljust(MAX_LENGTH + 1, "a"))


def test_a_refusal_shows_the_start_of_the_address() -> None:
    with pytest.raises(AddressRefused) as refusal:
        check_address("file:" + "a" * 5_000)
    assert len(str(refusal.value)) < 400
    assert refusal.value.address.startswith("file:aaa")


@pytest.mark.parametrize("relative", ["/etc/passwd", "//example.com/x", "?q=a:b", "#a", "", "page.html"])
def test_a_relative_address_is_harmless(relative: str) -> None:
    assert is_allowed(relative)
    assert scheme_of(relative) == ""
