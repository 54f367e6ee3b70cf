"""Whether something is an HTTP Archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

_SCHEMA = json.loads((Path(__file__).parent / "fixtures" / "har-1.2.schema.json").read_text())
_VALIDATOR = jsonschema_rs.validator_for(_SCHEMA)


def entries_of(written: bytes | str) -> list[dict[str, Any]]:
    """Its entries; it must follow the schema, and every entry's time must be the sum of its parts."""
    archive = json.loads(written)
    assert [
        f"{list(error.instance_path)}: {error.message}" for error in _VALIDATOR.iter_errors(archive)
    ] == []
    log = archive["log"]
    pages = {page["id"] for page in log["pages"]}
    for entry in log["entries"]:
        parts = [ms for name, ms in entry["timings"].items() if name != "ssl" and ms > 0]
        assert abs(entry["time"] - sum(parts)) < 0.01
        assert entry.get("pageref") in {None, *pages}
    entries: list[dict[str, Any]] = log["entries"]
    return entries
