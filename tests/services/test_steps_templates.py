"""Slots in steps are filled with parameters, once."""

from __future__ import annotations

import pytest

from sessions_app.services.steps.templates import UnknownParameter, filled

PARAMS = {"name": "Ada", "user": {"mail": "ada@example.com"}, "sizes": ["s", "l"], "age": 36, "on": True}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Hello {{name}}!", "Hello Ada!"),
        ("{{ name }} is {{age}}", "Ada is 36"),
        ("{{user.mail}}", "ada@example.com"),
        ("{{sizes.1}}", "l"),
        ("on: {{on}}, {{sizes}}", 'on: true, ["s","l"]'),
        # Nothing but one slot: the parameter as it is.
        ("{{age}}", 36),
        ("{{sizes}}", ["s", "l"]),
        ("no slot, {name}, {{}}, {{1}}", "no slot, {name}, {{}}, {{1}}"),
    ],
)
def test_a_text_is_filled(text, made):
    assert filled(text, PARAMS) == made


def test_it_reaches_into_lists_and_objects_but_not_into_their_names():
    step = {"values": ["{{name}}", "x"], "options": {"{{name}}": {"deep": "{{age}}"}}, "n": 1, "no": None}
    assert filled(step, PARAMS) == {
        "values": ["Ada", "x"],
        "options": {"{{name}}": {"deep": 36}},
        "n": 1,
        "no": None,
    }


@pytest.mark.parametrize("name", ["nobody", "user.phone", "sizes.2", "sizes.x", "name.first"])
def test_an_unknown_parameter_is_named(name):
    with pytest.raises(UnknownParameter, match=name):
        filled(f"a {{{{{name}}}}}", PARAMS)


def test_what_a_parameter_holds_is_not_filled_again():
    params = {"braces": "{{secret}}", "secret": "x"}
    assert filled("{{braces}}", params) == "{{secret}}"
    assert filled("<{{braces}}>", params) == "<{{secret}}>"
