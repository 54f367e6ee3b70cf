"""A page costs as many queries with many rows as with one."""

from __future__ import annotations

import pytest

from sessions_app.models import Role
from sessions_app.services import keys, links
from tests.queries import queries_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/?q=a&label=a:1",
    "/?view=table",
    "/sessions/rows",
    "/sessions/{id}",
    "/sessions/{id}/facts",
    "/sessions/{id}/links",
    "/sessions/{id}/tabs",
    "/sessions/{id}/presence",
    "/sessions/new?like={id}",
    "/access",
]


@pytest.mark.parametrize("path", PAGES)
async def test_it_costs_the_same(boss, admin, start, path):
    session = await start(labels={"a": "1"})
    address = path.format(id=session.id)

    async def grow() -> None:
        await start(labels={"a": "1", "b": "2"})
        await links.create(admin, session.id, role="view")
        await keys.create_key(admin, name="another", role=Role.VIEWER)

    await grow()
    await boss.get(address)
    few = await queries_of(boss.get(address))
    for _ in range(5):
        await grow()
    many = await queries_of(boss.get(address))
    assert len(many) == len(few), many
