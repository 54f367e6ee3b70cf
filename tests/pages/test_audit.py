"""The audit in the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from sessions_app.models import Role
from sessions_app.pages.audit import ACTIONS
from sessions_app.services import audit, keys
from sessions_app.services.actors import Scope
from tests.pages.conftest import SCRIPT, text
from tests.queries import queries_of

pytestmark = pytest.mark.django_db(transaction=True)
SERVICES = Path(__file__).parents[2] / "sessions_app" / "services"


def written() -> set[str]:
    """Every action that services write down."""
    source = "".join(path.read_text() for path in SERVICES.glob("*.py"))
    calls = re.findall(r'(?:write|record|enter|enter_own|_refused)\([^"]*"(\w+\.\w+)"', source)
    either = re.findall(r'action = "(\w+\.\w+)" if .* else "(\w+\.\w+)"', source)
    return {*calls, *(action for both in either for action in both)}


def test_every_action_has_words():
    assert written() == set(ACTIONS)


@pytest.fixture
async def past(engine, boss, admin):
    """An administrator's browser, and what happened before."""
    key, _ = await keys.create_key(admin, name="CI", role=Role.VIEWER, scopes=[Scope.AUDIT])
    await keys.revoke_key(admin, key.id)
    return boss


async def test_in_words_newest_first(past):
    shown = text(await past.get("/access/audit"))
    assert re.search(
        r"admin program program revoked a key key_\S+ .*admin program program made a key key_\S+ name: CI",
        shown,
    )
    assert "scopes: audit" in shown
    assert "admin person logged in admin" in shown, "the default project's see the whole server's"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=revoked", 1),
        ("q=KEY_", 2),
        ("action=key.created", 1),
        ("by=admin+program", 2),
        ("by=admin+program&action=key.revoked", 1),
        ("q=nothing+like+it", 0),
    ],
)
async def test_filtered(past, query, count):
    page = text(await past.get(f"/access/audit?{query}"))
    assert f"{count} entr{'y' if count == 1 else 'ies'}" in page
    assert ("Nothing of this kind" in page) == (count == 0)


async def test_page_by_page(past, admin):
    for number in range(60):
        await sync_to_async(audit.write)(admin, "key.created", f"key_{number}")
    first = await past.get("/access/audit?action=key.created")
    assert "key_59" in text(first)
    assert "key_5 " not in text(first)
    older = re.search(r'href="(\?[^"]*cursor=[^"]*)">Older', first.content.decode())
    assert older
    second = await past.get("/access/audit" + older[1].replace("&amp;", "&"))
    assert "key_5 " in text(second)
    assert "logged in" not in text(second).partition("61 entries")[2], "the filter goes along"
    assert 'href="?action=key.created">Newest' in second.content.decode()
    assert (await past.get("/access/audit?cursor=x")).status_code == 400


async def test_as_many_queries_for_many(past, admin):
    few = await queries_of(past.get("/access/audit"))
    for number in range(20):
        await sync_to_async(audit.write)(admin, "key.created", f"key_{number}")
    many = await queries_of(past.get("/access/audit"))
    assert len(many) == len(few)


async def test_what_is_written_is_only_text(past, admin):
    await sync_to_async(audit.write)(admin, "key.created", SCRIPT, name=SCRIPT)
    response = await past.get("/access/audit")
    assert SCRIPT not in response.content.decode()
    assert SCRIPT in text(response)


async def test_another_projects_audit(past, stranger):
    await sync_to_async(audit.write)(stranger, "key.created", "secret plan")
    assert "secret plan" not in text(await past.get("/access/audit"))
