"""Three kinds of selectors are told apart by how they look."""

from __future__ import annotations

import pytest

from sessions_app.services.steps.selectors import Selector


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("xpath", "//button[text()='Go']"),
        ("xpath", "./div/a"),
        ("xpath", "(//a)[2]"),
        ("xpath", "//a[@href='document.pdf']"),
        ("xpath", '(//a[contains(., "document.body")])[1]'),
        ("jspath", "document.querySelector('#a')"),
        ("jspath", 'document.querySelector("x-part").shadowRoot.querySelector("button")'),
        ("jspath", "(document.body)"),
        ("jspath", "window.document.forms[0]"),
        ("css", "#send"),
        ("css", "div.document > a"),
        ("css", 'a[href$="document.pdf"]'),
        ("css", "a[title='my document.pdf']"),
        ("css", ".mydocument.open"),
    ],
)
def test_its_kind(kind, text):
    assert Selector.of(f" {text}\n") == Selector(kind, text)


def test_a_script_may_end_as_scripts_do():
    assert Selector.of("document.body; ").text == "document.body"


def test_a_long_one_is_cut_where_it_is_told():
    assert str(Selector.of("a" * 500)) == "a" * 200 + "…"
