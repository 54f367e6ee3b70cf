"""What a page says, as plain and bounded text."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine import remarks

LIST: dict[str, Any] = {
    "type": "object",
    "subtype": "array",
    "description": "Array(2)",
    "preview": {"overflow": False, "properties": [{"name": "0", "value": "1"}, {"name": "1", "value": "x"}]},
}
OBJECT: dict[str, Any] = {
    "type": "object",
    "description": "Object",
    "objectId": "secret.1.2",
    "preview": {"overflow": True, "properties": [{"name": "a", "value": "1"}, {"name": "get"}]},
}


@pytest.mark.parametrize(
    ("remote", "text"),
    [
        ({"type": "string", "value": "words"}, "words"),
        ({"type": "number", "value": 3, "description": "3"}, "3"),
        ({"type": "boolean", "value": True}, "true"),
        ({"type": "number", "unserializableValue": "NaN", "description": "NaN"}, "NaN"),
        ({"type": "bigint", "unserializableValue": "10n", "description": "10n"}, "10n"),
        ({"type": "undefined"}, "undefined"),
        ({"type": "object", "subtype": "null", "value": None}, "null"),
        ({"type": "function", "description": "() => 1"}, "() => 1"),
        ({"type": "object", "subtype": "error", "description": "Error: boom"}, "Error: boom"),
        ({"type": "object", "description": "Window"}, "Window"),
        (LIST, "[1, x]"),
        (OBJECT, "{a: 1, get: …, …}"),
        ({**OBJECT, "description": "Point"}, "Point {a: 1, get: …, …}"),
    ],
)
def test_values_look_as_in_a_console(remote: dict[str, Any], text: str) -> None:
    assert remarks.shown(remote) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (["a", "b"], "a b"),
        (["%s is %d years", "Ada", 36], "Ada is 36 years"),
        (["%cbig%c small", "font-size: 9em", ""], "big small"),
        (["100%% of %s", "it", "all"], "100% of it all"),
        (["%s and %s", "one"], "one and %s"),
        (["%s"], "%s"),
        ([1, "%s"], "1 %s"),
    ],
)
def test_places_in_the_first_text_are_filled(said: list[Any], text: str) -> None:
    args = [{"type": "string" if isinstance(each, str) else "number", "value": each} for each in said]
    line = remarks.of_console({"type": "log", "args": args})
    assert line is not None
    assert line["text"] == text


@pytest.mark.parametrize(
    ("url", "length"),
    [("https://example.com/" + "x" * 5_000, 2_000), ("DATA:text/html," + "x" * 5_000, 100), ("data:,a", 7)],
)
def test_addresses_are_cut(url: str, length: int) -> None:
    assert len(remarks.clip_url(url)) == length


def test_nul_is_replaced() -> None:
    assert remarks.clip("a\0b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("C:\\temp\\report.pdf", "report.pdf"),
        ("..", "download"),
        ("", "download"),
        ("x" * 999, "x" * 200),
        (".bashrc", "bashrc"),
        ("naïve 報告.pdf", "naïve 報告.pdf"),
    ],
)
def test_names_of_files(suggested: str, name: str) -> None:
    assert remarks.file_name(suggested) == name
