"""How often the database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Awaitable


async def queries_of(call: Awaitable[Any]) -> list[str]:
    """What the services' thread asked during `call`, which must be answered with 200."""
    captured = CaptureQueriesContext(connection)
    await sync_to_async(captured.__enter__)()
    response = await call
    await sync_to_async(captured.__exit__)(None, None, None)
    assert response.status_code == 200, response.content
    found = await sync_to_async(lambda: captured.captured_queries)()
    # A transaction's frame is no question.
    return [query["sql"] for query in found if query["sql"] not in ("BEGIN", "COMMIT", "BEGIN IMMEDIATE")]
