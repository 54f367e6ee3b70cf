"""A list costs as many queries with many rows as with one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from sessions_app.api.router import api as ninja_api
from sessions_app.models import Membership, Project, Role, Session, SessionStatus, User
from sessions_app.services import audit, events, keys, links, lookup, tabs
from tests.queries import queries_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.django_db(transaction=True)


class Rows:
    """Makes the `number`th thing of each list."""

    def __init__(self, start: Callable[..., Awaitable[Any]], admin: Any, session: Any) -> None:
        self.start, self.admin, self.session = start, admin, session

    async def sessions(self, number: int) -> None:
        await self.start(name=str(number), labels={"a": str(number), "b": "2"})

    async def queued(self, number: int) -> None:
        session = await self.start()
        await Session.objects.filter(pk=session.id).aupdate(status=SessionStatus.QUEUED)

    async def tabs(self, number: int) -> None:
        await tabs.open_tab(self.admin, self.session.id)

    async def events(self, number: int) -> None:
        await sync_to_async(events.write)(self.session.id, "label", {"number": number})

    async def files(self, number: int) -> None:
        live = lookup.live_or_none(self.session.id)
        assert live
        await asyncio.to_thread(live.files.write, f"{number}.txt", b"x")

    async def live_links(self, number: int) -> None:
        await links.create(self.admin, self.session.id, role="view")

    async def keys(self, number: int) -> None:
        await keys.create_key(self.admin, name=f"key {number}", role=Role.VIEWER)

    async def projects(self, number: int) -> None:
        await Project.objects.acreate(pk=f"project-{number}", name="A project")

    async def members(self, number: int) -> None:
        user = await User.objects.acreate(username=f"person{number}")
        await Membership.objects.acreate(
            user=user, project_id="default", role=Role.VIEWER, created_at=timezone.now()
        )

    async def audit(self, number: int) -> None:
        await audit.record(self.admin, "test.done", f"thing {number}")


# The list, what makes its rows, and the queries beside the key's: what it hangs on, the rows, what they bring. One page
# that holds them all counts them, too.
LISTS = [
    ("/sessions", "sessions", 2),
    ("/sessions?status=queued", "queued", 3),
    ("/sessions?q=a&label=a:1&status=running&created_after=2026-01-01T00:00:00Z", "sessions", 2),
    ("/sessions/{session_id}/tabs", "tabs", 0),
    ("/sessions/{session_id}/events", "events", 2),
    ("/sessions/{session_id}/files", "files", 0),
    ("/sessions/{session_id}/live-links", "live_links", 2),
    ("/keys", "keys", 1),
    ("/projects", "projects", 1),
    ("/projects/{project_id}/members", "members", 2),
    ("/audit", "audit", 1),
]


def test_every_list_is_counted():
    schema = ninja_api.get_openapi_schema()
    lists = {
        path.removeprefix("/api/v1")
        for path, calls in schema["paths"].items()
        if "get" in calls and "Listing" in str(calls["get"]["responses"][200])
    }
    assert lists == {path.partition("?")[0] for path, _, _ in LISTS}


@pytest.mark.parametrize(("path", "rows", "expected"), LISTS, ids=[path for path, _, _ in LISTS])
async def test_it_costs_the_same(api_of, admin, start, path, rows, expected):
    session = await start()
    make = getattr(Rows(start, admin, session), rows)
    program = await api_of(admin)
    address = path.format(session_id=session.id, project_id="default")
    await make(1)
    # The key is remembered from here on.
    await program("GET", address)
    few = await queries_of(program("GET", address))
    for number in range(2, 8):
        await make(number)
    many = await queries_of(program("GET", address))
    assert len(many) == len(few), many
    assert len(few) == expected, few
