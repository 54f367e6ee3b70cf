"""What a session uses, as small figures with the line of its last ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.engine.gauge import KEPT
from sessions_app.pages.charts import HEIGHT, words
from sessions_app.services import performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.engine.gauge import Metrics
    from sessions_app.services.monitoring import Unit
    from sessions_app.services.performance import Performance

WIDTH = KEPT - 1
# Of a browser that does next to nothing the line lies at the bottom, not somewhere.
_LEAST_CPU, _LEAST_MEMORY = 0.25, 200e6


@dataclass(frozen=True)
class Use:
    """`line` and `area` are paths in a drawing of `width` by `height`; empty while there is one point only."""

    name: str
    told: str
    about: str
    line: str
    area: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Uses:
    drawn: tuple[Use, ...]
    # Of the active tab, by name.
    counted: tuple[tuple[str, str], ...]


def of_session(session_id: str) -> Uses | None:
    """None until it was measured, and once it has ended."""
    known = performance.known(session_id)
    return _uses(known) if known else None


def _uses(known: Performance) -> Uses:
    active = next((tab for tab in known.tabs if tab.active), None)
    cpu = [look.cpu for look in known.lately]
    memory = [float(look.memory) for look in known.lately]
    return Uses(
        drawn=(
            _use("CPU", "share", cpu, _LEAST_CPU),
            _use("Memory", "bytes", memory, _LEAST_MEMORY),
        ),
        counted=_counted(active.metrics if active else None),
    )


def _counted(metrics: Metrics | None) -> tuple[tuple[str, str], ...]:
    if metrics is None:
        return ()
    return (
        ("Nodes", f"{metrics['dom_nodes']:,.0f}"),
        ("JS heap", f"{metrics['js_heap_used'] / 1e6:.1f} MB"),
    )


def _use(name: str, unit: Unit, values: Sequence[float], least: float) -> Use:
    most = max(values)
    told, line = words(unit, values[-1]), _line(values, max(most, least))
    first = WIDTH + 1 - len(values)
    return Use(
        name=name,
        told=told,
        about=f"{name} in the last ten minutes: now {told}, at most {words(unit, most)}",
        line=f"M{line}" if len(values) > 1 else "",
        area=f"M{first} {HEIGHT}L{line}V{HEIGHT}z" if len(values) > 1 else "",
    )


def _line(values: Sequence[float], top: float) -> str:
    """The newest at the right end."""
    first = WIDTH + 1 - len(values)
    return "L".join(f"{first + at} {HEIGHT - value / top * HEIGHT:.1f}" for at, value in enumerate(values))
