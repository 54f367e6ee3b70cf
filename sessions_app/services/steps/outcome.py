"""How a run of steps went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """`action` is the caller's word for it."""

    index: int
    action: str
    success: bool
    value: Any
    error: str | None
    duration_ms: float


@dataclass(kw_only=True)
class Outcome:
    """`result` is what the last step that read something gave."""

    session_id: str
    results: list[StepResult] = field(default_factory=list)
    result: Any = None
    dialogs: list[Any] = field(default_factory=list)

    @property
    def success(self) -> bool:
        return all(result.success for result in self.results)

    def add(self, result: StepResult, *, is_read: bool) -> None:
        self.results.append(result)
        if result.success and is_read:
            self.result = result.value
