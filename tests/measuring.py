"""Samples that nobody had to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions_app.models import Sample
from sessions_app.services import nodes

if TYPE_CHECKING:
    from datetime import datetime

    from sessions_app.models import Node

GB = 1_000_000_000


def figures(**changes: Any) -> dict[str, Any]:
    """Of 10 seconds of a server at peace."""
    peace = {
        "seconds": 10, "running": 0, "queued": 0, "max_sessions": 32, "viewers": 0, "cpu": 0.1, "cpu_sessions": 0.05,
        "memory_server": 100_000_000, "memory_sessions": 0, "memory_available": 8 * GB, "disk_free": 50 * GB,
        "disk_total": 100 * GB, "created": 0, "create": [], "input": [], "frames": 0, "rejected": 0,
        "failed_requests": 0, "broken_sessions": 0,
    }  # fmt: skip
    return {**peace, **changes}


async def put(seconds: int, at: datetime, *, node: Node | None = None, **changes: Any) -> Sample:
    of = node or nodes.current()
    return await Sample.objects.acreate(node=of, at=at, seconds=seconds, values=figures(**changes))
