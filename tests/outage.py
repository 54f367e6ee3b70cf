"""A database that does not answer."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import OperationalError, connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def _refuse(*_call: Any) -> None:
    raise OperationalError("the database is away")


@asynccontextmanager
async def no_database() -> AsyncIterator[None]:
    """In the thread where asynchronous code has its queries run."""
    await sync_to_async(lambda: connection.execute_wrappers.append(_refuse))()
    try:
        yield
    finally:
        await sync_to_async(lambda: connection.execute_wrappers.remove(_refuse))()
