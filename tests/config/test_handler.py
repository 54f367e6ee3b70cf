"""A request's thread and its connection serve the next one too, and a rush gets no more of them."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse
from django.utils.decorators import async_only_middleware

from config import handler
from config.handler import Handler
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


class Seen:
    """In which threads and by which connections it was asked, and what each waits for."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.connections: set[object] = set()
        self.barrier = threading.Barrier(1)
        self.at_once = self.most_at_once = 0


_seen = Seen()


@pytest.fixture
def seen(settings):
    settings.MIDDLEWARE = ["tests.config.test_handler.answer"]
    _seen.threads.clear()
    _seen.connections.clear()
    _seen.barrier = threading.Barrier(1)
    _seen.at_once = _seen.most_at_once = 0
    return _seen


@async_only_middleware
def answer(get_response):
    """In place of everything else."""

    async def middleware(request):
        _seen.at_once += 1
        _seen.most_at_once = max(_seen.most_at_once, _seen.at_once)
        await sync_to_async(_look)()
        _seen.at_once -= 1
        return HttpResponse()

    return middleware


def _look() -> None:
    _seen.barrier.wait()
    _seen.threads.append(threading.get_ident())
    connection.ensure_connection()
    _seen.connections.add(connection.connection)


async def ask(client: httpx.AsyncClient) -> None:
    assert (await client.get("http://127.0.0.1:8000/")).status_code == 200


async def test_one_after_the_other_they_share_a_thread(seen):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Handler())) as client:
        for _ in range(5):
            await ask(client)
    assert len(set(seen.threads)) == 1
    # A PostgreSQL's come from a pool, and any of it will do.
    assert len(seen.connections) == 1 or connection.vendor == "postgresql"


async def together(served: Handler, many: int) -> None:
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(served)) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(many):
            group.create_task(ask(client))


async def test_at_the_same_time_each_has_its_own(seen):
    seen.barrier = threading.Barrier(handler.THREADS)
    await together(Handler(), handler.THREADS)
    assert len(set(seen.threads)) == handler.THREADS


async def test_a_rush_shares_them(seen):
    await together(Handler(), 5 * handler.THREADS)
    assert len(seen.threads) == 5 * handler.THREADS
    assert len(set(seen.threads)) <= handler.THREADS


async def test_few_are_worked_on_at_a_time(seen, monkeypatch):
    monkeypatch.setattr(handler, "TURN", 60.0)
    await together(Handler(), 20)
    assert len(seen.threads) == 20
    assert seen.most_at_once == handler.TURNS


@async_only_middleware
def forever(get_response):
    async def middleware(request):
        _seen.at_once += 1
        try:
            await asyncio.Event().wait()
        finally:
            _seen.at_once -= 1

    return middleware


@pytest.mark.parametrize("headers", [[], [(b"x-api-key", b"qd_x")]], ids=["a person", "a program"])
async def test_who_hangs_up_is_not_worked_for(settings, seen, headers):
    settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE = ["tests.config.test_handler.forever"]
    left = asyncio.Event()
    said = [{"type": "http.request", "body": b""}]

    async def receive():
        if not said:
            await left.wait()
            return {"type": "http.disconnect"}
        return said.pop()

    async def send(message):
        raise AssertionError(message)

    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/sessions", "query_string": b"", "headers": headers,
    }  # fmt: skip
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(Handler()(scope, receive, send))
        await until(lambda: _seen.at_once)
        left.set()
    assert _seen.at_once == 0
