"""GET /sessions: filters, order, pages."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions_app.models import Session

pytestmark = pytest.mark.django_db(transaction=True)


async def ids(api, query: str) -> list[str]:
    response = await api("GET", f"/sessions?{query}")
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


async def test_newest_first_in_pages(api, start):
    started = [(await start()).id for _ in range(5)]
    seen, cursor = [], ""
    for expected in (2, 2, 1):
        body = (await api("GET", f"/sessions?limit=2&cursor={cursor}")).json()
        assert len(body["items"]) == expected
        assert body["total"] == 5
        seen += [item["id"] for item in body["items"]]
        cursor = body["next_cursor"]
    assert not cursor
    assert seen == started[::-1]


async def test_a_page_is_not_shifted_by_a_newcomer(api, start):
    started = [(await start()).id for _ in range(3)]
    cursor = (await api("GET", "/sessions?limit=1")).json()["next_cursor"]
    await start()
    assert await ids(api, f"limit=2&cursor={cursor}") == [started[1], started[0]]


async def test_sessions_of_one_moment_are_all_listed(api, start):
    started = {(await start()).id for _ in range(3)}
    await Session.objects.aupdate(created_at=timezone.now())
    cursor: str | None = ""
    seen = set()
    while cursor is not None:
        body = (await api("GET", f"/sessions?limit=1&cursor={cursor}")).json()
        seen.add(body["items"][0]["id"])
        cursor = body["next_cursor"]
    assert seen == started


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "WyJ4IiwgMV0", "%00", "e30", "bnVsbA"])
async def test_an_unknown_cursor(api, start, cursor):
    await start()
    response = await api("GET", f"/sessions?cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "status=asleep"])
async def test_a_wrong_filter(api, query):
    response = await api("GET", f"/sessions?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_by_labels(api, start):
    both = (await start(labels={"team": "red", "job": "a:b"})).id
    red = (await start(labels={"team": "red"})).id
    await start(labels={"team": "blue"})
    assert await ids(api, "label=team:red") == [red, both]
    assert await ids(api, "label=team:red&label=job:a:b") == [both]
    assert await ids(api, "label=job") == [both]
    assert await ids(api, "label=team:green") == []


async def test_by_status(api, start):
    ended, running = (await start()).id, (await start()).id
    await api("POST", f"/sessions/{ended}/release")
    assert await ids(api, "status=running") == [running]
    assert await ids(api, "status=released") == [ended]


async def test_by_text(api, start):
    shop = (await start(name="Web Shop", url="https://shop.example/")).id
    tagged = (await start(labels={"team": "shopping"})).id
    other = (await start()).id
    assert await ids(api, "q=SHOP") == [tagged, shop]
    assert await ids(api, "q=shop.example") == [shop]
    assert await ids(api, f"q={other[4:12]}") == [other]
    assert await ids(api, "q=%25") == []


async def test_another_projects_sessions_are_not_listed(api_of, stranger, start):
    await start()
    body = (await (await api_of(stranger))("GET", "/sessions")).json()
    assert body == {"items": [], "next_cursor": None, "total": 0}


async def test_a_long_list_costs_no_more_queries_than_a_short_one(api, start):
    async def queries() -> int:
        captured = CaptureQueriesContext(connection)
        await sync_to_async(captured.__enter__)()
        await api("GET", "/sessions")
        await sync_to_async(captured.__exit__)(None, None, None)
        return await sync_to_async(lambda: len(captured.captured_queries))()

    await start(labels={"a": "1"})
    await api("GET", "/sessions")
    few = await queries()
    for number in range(5):
        await start(labels={"a": str(number), "b": "2"})
    assert await queries() == few
    # The key, the total, the rows, their labels.
    assert few == 4
