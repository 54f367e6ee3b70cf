"""What axe-core finds wrong on a page, by the rules of WCAG 2.2 at level AA."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / ".venv/js/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """tags => axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })"""


@cache
def _source() -> str:
    return SCRIPT.read_text()


async def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule."""
    if not await page.evaluate("() => 'axe' in globalThis"):
        await page.evaluate(_source())
    found = await page.evaluate(RUN, TAGS)
    return [_line(rule, node) for rule in found["violations"] for node in rule["nodes"]]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
