"""What was found: rows with a target and a verdict, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RESULTS = Path(__file__).resolve().parent / "results"
WIDTHS = (58, 10, 10, 11, 10, 6)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure. Judged is `ours`, its ratio to `bare`, or the difference."""

    what: str
    ours: float
    bare: float | None = None
    unit: str = "ms"
    judged: Literal["value", "ratio", "difference"] = "value"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def value(self) -> float:
        if self.bare is None or self.judged == "value":
            return self.ours
        return self.ours / self.bare if self.judged == "ratio" else self.ours - self.bare

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {shown(self.at_most)}"
        return f"≥ {shown(self.at_least)}" if self.at_least is not None else ""

    @property
    def verdict(self) -> str:
        if self.at_most is None and self.at_least is None:
            return ""
        high = self.at_most is not None and self.value > self.at_most
        low = self.at_least is not None and self.value < self.at_least
        return "missed" if high or low else "met"

    def cells(self) -> tuple[str, ...]:
        compared = ""
        if self.judged == "ratio":
            compared = f"{self.value:.2f} x"
        elif self.judged == "difference":
            compared = f"{self.value:+.1f}"
        bare = "" if self.bare is None else shown(self.bare)
        return (f"{self.what} ({self.unit})", shown(self.ours), bare, compared, self.target, self.verdict)


def shown(value: float) -> str:
    if value == int(value):
        return str(int(value))
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def percentile(values: Sequence[float], share: float) -> float:
    """`share` 0.5 is the median."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


median = statistics.median


def print_table(title: str, rows: Iterable[Row]) -> None:
    print(f"\n{title}")
    _print_line(("", "ours", "bare", "compared", "target", ""))
    for row in rows:
        _print_line(row.cells())


def _print_line(cells: Sequence[str]) -> None:
    first, *others = [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    print("  " + first, *others, flush=True)


def machine(browser: str) -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "browser": browser,
    }


def write(facts: Mapping[str, Any], answers: Mapping[str, Sequence[Row]]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}.json"
    rows = {
        name: [{**asdict(row), "value": row.value, "verdict": row.verdict} for row in found]
        for name, found in answers.items()
    }
    path.write_text(json.dumps({"machine": facts, "answers": rows}, indent=2, ensure_ascii=False) + "\n")
    return path
