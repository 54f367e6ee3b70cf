"""Moments, durations and addresses in words; tests/js/page_time.test.js checks the same table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sessions_app.templatetags.quarterdeck import ago, bare, clock

TABLE = json.loads((Path(__file__).parent.parent / "fixtures" / "times.json").read_text())


@pytest.mark.parametrize(("seconds", "words"), TABLE["ago"])
def test_how_long_ago(seconds, words):
    assert ago(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), TABLE["clock"])
def test_clock(seconds, words):
    assert clock(seconds) == words


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/", "example.com"),
        ("http://example.com/a/", "example.com/a/"),
        ("https://example.com", "example.com"),
        ("about:blank", "about:blank"),
        ("", ""),
    ],
)
def test_an_address_in_passing(url, shown):
    assert bare(url) == shown
