"""GET /sessions: filters, order, pages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sessions_app.models import Session

# A moment that is before the year 1 in UTC, and an id that no database takes.
BEFORE_TIME = "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgInNlc194Il0"
WITH_NUL = "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIlx1MDAwMCJd"
# Half a character, and lists in lists without end.
WITH_HALF = "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIlx1ZDgwMCJd"
DEEP = "W1tb" * 1000
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


@pytest.mark.parametrize(
    "cursor", ["nonsense", "WzFd", "WyJ4IiwgMV0", "e30", "bnVsbA", BEFORE_TIME, WITH_NUL, WITH_HALF, DEEP]
)
async def test_an_unknown_cursor(api, start, cursor):
    await start()
    response = await api("GET", f"/sessions?cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "status=asleep",
        "status=running&status=asleep",
        "created_after=2026-11-20",
        "created_after=1763640000",
        "created_before=2026-11-20T10:00:00",
        "created_before=0001-01-01T00:00:00%2B14:00",
        "created_before=2026-11-31T10:00:00Z",
        "stauts=running",
    ],
)
async def test_a_wrong_filter(api, query):
    response = await api("GET", f"/sessions?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].partition(".")[0] == query.partition("=")[0]


async def test_a_parameter_that_no_call_takes(api, start):
    session = await start()
    for path in ("/sessions", f"/sessions/{session.id}", f"/sessions/{session.id}/tabs", "/pressure"):
        response = await api("GET", f"{path}?project_id=other&x=")
        assert response.status_code == 422, path
        assert [error["field"] for error in response.json()["errors"]] == ["project_id", "x"]


@pytest.mark.parametrize("path", ["/sessions?q=%00", "/sessions/%00", "/sessions?%00=1"])
async def test_an_address_with_a_nul(api, path):
    response = await api("GET", path)
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


async def test_a_text_with_a_nul(api):
    response = await api("POST", "/sessions", {"name": "a", "labels": {"a": "b\0"}})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    # An escaped backslash before the same letters is none.
    assert (await api("POST", "/sessions", {"name": "\\u0000"})).status_code == 201


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
    assert await ids(api, "status=released&status=running&status=lost") == [running, ended]


async def test_by_time(api, start):
    first, second, third = [(await start()) for _ in range(3)]
    at = second.created_at.isoformat().replace("+00:00", "Z")
    assert await ids(api, f"created_after={at}") == [third.id]
    assert await ids(api, f"created_before={at}") == [first.id]
    elsewhere = second.created_at.astimezone(timezone.get_fixed_timezone(330)).isoformat().replace("+", "%2B")
    assert await ids(api, f"created_before={elsewhere}") == [first.id]
    bounds = f"created_after={first.created_at.isoformat()[:-6]}Z&created_before={third.created_at.isoformat()[:-6]}Z"
    assert await ids(api, bounds) == [second.id]


async def test_no_session_has_a_context(api, start):
    await start()
    assert await ids(api, "context=ctx_x") == []


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
