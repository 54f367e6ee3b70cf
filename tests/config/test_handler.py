"""A request's thread and its connection serve the next one too, and no request waits for another's thread."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse

from config import handler
from config.handler import Handler

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seen(settings):
    """The threads in which the views were, and what each is to wait for."""

    class Seen:
        threads: list[int] = []
        connections: set[object] = set()
        barrier = threading.Barrier(1)

    settings.MIDDLEWARE = ["tests.config.test_handler.answer"]
    answer.seen = Seen
    return Seen


def answer(get_response):
    """In place of everything else."""
    seen = answer.seen

    def ask() -> None:
        seen.barrier.wait()
        seen.threads.append(threading.get_ident())
        connection.ensure_connection()
        seen.connections.add(connection.connection)

    async def middleware(request):
        await sync_to_async(ask)()
        return HttpResponse()

    return middleware


answer.async_capable, answer.sync_capable = True, False


async def ask(client: httpx.AsyncClient) -> None:
    assert (await client.get("http://127.0.0.1:8000/")).status_code == 200


async def test_one_after_the_other_they_share_a_thread(seen):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Handler())) as client:
        for _ in range(5):
            await ask(client)
    assert len(set(seen.threads)) == 1
    assert len(seen.connections) == 1


async def test_at_the_same_time_each_has_its_own(seen):
    many = handler.KEPT + 3
    seen.barrier = threading.Barrier(many)
    served = Handler()
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(served)) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(many):
            group.create_task(ask(client))
    assert len(set(seen.threads)) == many
    # What a rush needed ends with it.
    assert len(served._idle) == handler.KEPT
