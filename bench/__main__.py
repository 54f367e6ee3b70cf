"""`python -m bench [question …]`: measures, prints tables, writes JSON to bench/results/."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import psutil
import uvloop

from bench import questions, report
from bench.lab import laboratory
from sessions_app.engine.chromium import find_chromium

if TYPE_CHECKING:
    from bench.lab import Lab

NAMES = [module.name for module in iter_modules(questions.__path__)]


def main(asked: list[str]) -> int:
    unknown = set(asked) - set(NAMES)
    if unknown:
        print(f"No such question: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
        return 2
    facts = report.machine(find_chromium().version)
    print(", ".join(f"{name}: {value}" for name, value in facts.items()))
    answers: dict[str, list[report.Row]] = {}
    with laboratory() as lab:
        for name in asked or NAMES:
            try:
                answers[name] = ask(name, lab)
            except Exception:
                logging.exception("%s broke.", name)
    print(f"\nWritten to {report.write(facts, answers)}")
    return 0 if len(answers) == len(asked or NAMES) else 1


def ask(name: str, lab: Lab) -> list[report.Row]:
    question = import_module(f"bench.questions.{name}")
    # Before it begins, whatever is busy is not us.
    others = psutil.cpu_percent(interval=0.5) * (psutil.cpu_count() or 1) / 100
    rows: list[report.Row] = uvloop.run(question.answer(lab))
    report.print_table(f"{name}: {question.TITLE} (others on this machine: {others:.2f} cores)", rows)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
