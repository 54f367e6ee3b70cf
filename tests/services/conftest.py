"""What tests of services stand on: a database that may not answer, a project for what is not asynchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection

from sessions_app.models import Event, Project

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


class Lock:
    """The next `left` writes of an entry fail, and with them what they were part of."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if self.left and sql.startswith(f'INSERT INTO "{Event._meta.db_table}"'):
            self.left -= 1
            raise OperationalError("database is locked")
        return execute(sql, *rest)


@pytest.fixture
async def locked(transactional_db: None) -> AsyncIterator[Lock]:
    lock = Lock()
    # The services' connection is that of their thread.
    await sync_to_async(lambda: connection.execute_wrappers.append(lock))()
    yield lock
    await sync_to_async(lambda: connection.execute_wrappers.remove(lock))()


@pytest.fixture
def default_project(transactional_db: None) -> Project:
    return Project.objects.get_or_create(pk="default")[0]
