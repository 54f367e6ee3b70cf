"""docs/errors.md names every code that the server answers with, its status, and none else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sessions_app.api import problems
from sessions_app.services import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(\w+)` \| (\d{3}) \| .{10,} \| .{5,} \|$", re.MULTILINE)
# The framework's own failures, whose status the API's error handlers say.
BY_HANDLERS = {("malformed_json", 400), ("invalid_request", 422)}


def calls() -> Iterator[ast.Call]:
    for path in (ROOT / "sessions_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield node


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def code_of(call: ast.Call) -> str | None:
    """The literal code that a call gives, "" if it gives none, None if only running tells."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if not given:
        return ""
    return str(given[0].value) if isinstance(given[0], ast.Constant) else None


def refusals() -> set[tuple[str, int]]:
    """Of each place that makes a ServiceError."""
    found = set()
    for call in calls():
        kind = getattr(errors, name_of(call), None)
        if isinstance(kind, type) and issubclass(kind, errors.ServiceError):
            code = code_of(call)
            assert code is not None, f"A code should stand where it is raised: {ast.unparse(call)}"
            found.add((code or kind.code, kind.status.value))
    return found


def test_every_code_is_documented():
    by_django = {(code, status.value) for status, (code, _) in problems._DETAILS.items()}
    documented = {(code, int(status)) for code, status in ROW.findall((ROOT / "docs/errors.md").read_text())}
    assert documented == refusals() | by_django | BY_HANDLERS


def test_no_other_place_makes_codes_up():
    made = {code for call in calls() if name_of(call) == "problem" and (code := code_of(call))}
    assert made == {code for code, _ in BY_HANDLERS}


def test_each_code_stands_once():
    codes = [code for code, _ in ROW.findall((ROOT / "docs/errors.md").read_text())]
    assert len(codes) == len(set(codes))
