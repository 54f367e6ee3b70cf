"""Whatever a page says can be sent on."""

from __future__ import annotations

import datetime
from typing import Any

import orjson
import pytest
from playwright.async_api import Error

from sessions_app.engine.automation.hands import explained
from sessions_app.engine.automation.plain import plain
from sessions_app.engine.automation.scripts import script
from sessions_app.engine.automation.sight import Element, Elements, difference


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Grüße 😀", "Grüße 😀"),
        ("half \ud83d of it", "half \ufffd of it"),
        ("\ud800x", "\ufffdx"),
        (None, None),
        (True, True),
        (1.5, 1.5),
        (float("inf"), "inf"),
        (2**70, str(2**70)),
        ([1, {"\ud800": float("nan")}], [1, {"\ufffd": "nan"}]),
        (datetime.date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_it_becomes_json(value, told):
    assert plain(value) == told
    orjson.dumps(plain(value))


def test_a_structure_without_end():
    ring: list[Any] = []
    ring.append(ring)
    orjson.dumps(plain(ring))


def test_an_element_says_what_it_is():
    usual = {"role": None, "name": None, "href": None, "input_type": None}
    email = Element(ref="@e2", tag="input", text="Email", **{**usual, "input_type": "email"})
    home = Element(ref="@e1", tag="a", text="Home", **{**usual, "href": "https://example.com/"})
    bare = Element(ref="@e3", tag="button", text="", **usual)
    assert Elements(items=[home, email, bare], total=3).text.splitlines() == [
        '@e1 [a] "Home" href="https://example.com/"',
        '@e2 [input type=email] "Email"',
        "@e3 [button]",
    ]
    assert Elements(items=[], total=0).text == "(no interactive elements found)"


def test_a_difference_is_the_lines_that_went_and_came():
    assert difference("a\nb\n--- c", "a\n--- c\nd") == "-b\n+d"
    assert difference("a\nb", "a\nb") == "(no changes)"
    assert difference("--- a", "+++ b") == "---- a\n++++ b"


def test_a_script_begins_as_a_function():
    assert script("elements").startswith("function collect(registry, max) {")
    assert script("scrape").startswith("function scrape(elements, max) {")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "Locator.click: Timeout 5000ms exceeded.\nCall log:\n  - waiting for locator\n"
            "    - <div id='cover'></div> intercepts pointer events\n  - retrying",
            "Timeout 5000ms exceeded. (<div id='cover'></div> intercepts pointer events)",
        ),
        (
            'Locator.click: Timeout 990.7692ms exceeded.\nCall log:\n  - waiting for locator("#no").first\n',
            'Timeout 990ms exceeded. (nothing matches locator("#no"))',
        ),
        (
            'Locator.wait_for: Timeout 9ms exceeded.\nCall log:\n  - waiting for locator("#a (b)") to be visible\n',
            'Timeout 9ms exceeded. (nothing matches locator("#a (b)"))',
        ),
        (
            'Locator.wait_for: Timeout 9ms exceeded.\nCall log:\n  - waiting for locator("#a") to be visible\n'
            "    - locator resolved to hidden <p></p>\n",
            "Timeout 9ms exceeded. (locator resolved to hidden <p></p>)",
        ),
        (
            "ElementHandle.select_option: Timeout 9ms exceeded.\nCall log:\n  - attempting select option action\n"
            "      - did not find some options\n    - waiting 20ms\n",
            "Timeout 9ms exceeded. (did not find some options)",
        ),
        ("Page.goto: net::ERR_FAILED at http://x.y/", "net::ERR_FAILED at http://x.y/"),
        ("Something: else", "Something: else"),
        ("x" * 5_000, "x" * 600),
    ],
)
def test_a_failure_is_told_in_a_line(message, told):
    assert explained(Error(message)) == told
