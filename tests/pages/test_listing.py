"""The list of sessions, as a wall and as a table, and its fragment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app.engine.control import Holder
from sessions_app.models import SessionStatus
from sessions_app.services import sessions, wall
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


VIEWS = ["wall", "table"]


def rows(response) -> list[str]:
    assert response.status_code == 200, response.content
    return re.findall(r'<(?:tr|li) id="(ses_[^"]+)"', response.content.decode())


@pytest.fixture
def nothing_lingers(monkeypatch):
    monkeypatch.setattr(wall, "LINGER", timedelta(0))


async def test_nothing_yet(engine, mate, watcher):
    page = text(await mate.get("/"))
    assert "No sessions yet." in page
    assert "Start a session" in page
    page = text(await watcher.get("/"))
    assert "No sessions yet." in page
    assert "Start a session" not in page


@pytest.mark.parametrize("view", VIEWS)
async def test_an_item_says_how_a_session_is(engine, mate, start, view):
    session = await start(url="https://shop.example/cart", labels={"team": "red", "urgent": ""})
    live = engine.live[session.id]
    live.show(title="Your cart")
    live.viewer_count = 3
    live.take_control(Holder(kind="person", id="p", name="Grace"))
    live.dialog = "May we?"
    live.audience.asked_by = ("Bob",)
    live.show(crashed=True, unresponsive=True)
    page = text(await mate.get(f"/?view={view}"))
    for words in ("running", "Your cart", "shop.example/cart", "team red", "urgent", "3", "Grace"):
        assert words in page
    for words in ("Dialog", "Bob asks", "Tab crashed", "Hangs"):
        assert words in page


@pytest.mark.parametrize("view", VIEWS)
async def test_a_calm_session_says_nothing_more(mate, start, view):
    await start(name="Shop")
    page = text(await mate.get(f"/?view={view}"))
    for words in ("Dialog", "asks", "crashed", "Hangs", "in the queue"):
        assert words not in page


async def test_the_view_stands_in_the_address_and_is_remembered(mate, start):
    await start(name="Shop")
    assert "<table" not in (await mate.get("/")).content.decode()
    page = (await mate.get("/?view=table&q=shop")).content.decode()
    assert "<table" in page
    assert "/sessions/rows?q=shop&amp;view=table" in page
    assert 'href="/?q=shop&amp;view=wall"' in page
    assert "<table" in (await mate.get("/")).content.decode()
    assert "<table" in (await mate.get("/?view=cube")).content.decode()
    assert "<table" not in (await mate.get("/?view=wall")).content.decode()
    assert "<table" not in (await mate.get("/sessions/rows")).content.decode()


@pytest.mark.usefixtures("nothing_lingers")
async def test_those_that_run_come_first_then_the_newest(mate, operator, start):
    one, two, three, four = [(await start()).id for _ in range(4)]
    await sessions.release(operator, four)
    await sessions.release(operator, two)
    assert rows(await mate.get("/")) == [three, one, four, two]


@pytest.mark.usefixtures("nothing_lingers")
@pytest.mark.parametrize("view", VIEWS)
async def test_show_more_continues_where_the_list_ended(mate, operator, start, monkeypatch, view):
    """All that run are shown at once, as long as they are not too many."""
    monkeypatch.setattr("sessions_app.pages.listing.PAGE_SIZE", 2)
    monkeypatch.setattr("sessions_app.selectors.FEW", 3)
    ids = [(await start()).id for _ in range(8)]
    for gone in (ids[7], ids[6], ids[3], ids[0]):
        await sessions.release(operator, gone)
    response, seen = await mate.get(f"/?view={view}"), []
    for expected in (3, 2, 2, 1):
        found = rows(response)
        assert len(found) == expected
        seen += found
        following = re.search(r'hx-get="(/sessions/rows\?[^"]*cursor=[^"]+)"', response.content.decode())
        if following:
            await start()
            response = await mate.get(following[1].replace("&amp;", "&"), fragment=True)
    assert following is None
    assert seen == [ids[5], ids[4], ids[2], ids[1], ids[7], ids[6], ids[3], ids[0]]


@pytest.mark.usefixtures("nothing_lingers")
async def test_a_refresh_asks_again_for_all_that_is_shown(mate, operator, start, monkeypatch):
    monkeypatch.setattr("sessions_app.pages.listing.PAGE_SIZE", 2)
    monkeypatch.setattr("sessions_app.pages.listing.MAX_SHOWN", 4)
    ids = [(await start()).id for _ in range(6)][::-1]
    for gone in ids:
        await sessions.release(operator, gone)
    assert rows(await mate.get("/sessions/rows", fragment=True)) == ids[:2]
    assert rows(await mate.get("/sessions/rows?shown=3", fragment=True)) == ids[:3]
    response = await mate.get("/sessions/rows?shown=900000", fragment=True)
    assert rows(response) == ids[:4]
    assert "search for others" in text(response)
    assert rows(await mate.get("/sessions/rows?shown=x", fragment=True)) == ids[:2]
    assert "<html" not in response.content.decode()


@pytest.mark.usefixtures("nothing_lingers")
async def test_filters_stand_in_the_address(mate, operator, start):
    shop = (await start(name="Shop", labels={"team": "red", "job": "a:b"})).id
    ended = (await start(name="Shop too", labels={"team": "red"})).id
    await start(name="Bank", labels={"team": "blue"})
    await sessions.release(operator, ended)
    assert rows(await mate.get("/?q=shop")) == [shop, ended]
    assert rows(await mate.get("/?q=shop&status=released")) == [ended]
    assert rows(await mate.get("/?label=team:red&label=job:a:b")) == [shop]
    assert rows(await mate.get("/?label=job&label=")) == [shop]
    response = await mate.get("/?q=shop&label=team:red&status=running")
    page = response.content.decode()
    assert 'value="shop"' in page
    assert '<input type="hidden" name="status" value="running">' in page
    assert re.search(r'aria-current="true">Running<', page)
    assert "/sessions/rows?q=shop&amp;status=running&amp;label=team%3Ared&amp;view=wall" in page
    assert 'href="/?q=shop&amp;status=running&amp;view=wall"' in page


async def test_the_statuses_that_pass_in_a_moment_are_not_offered(mate, start):
    await start()
    page = (await mate.get("/")).content.decode()
    for status in SessionStatus:
        offered = status not in (SessionStatus.STARTING, SessionStatus.RELEASING)
        assert (f"status={status}&amp;" in page) is offered
    assert "status=starting&amp;" in (await mate.get("/?status=starting")).content.decode()


async def test_what_has_just_ended_keeps_its_place_and_says_why(mate, operator, start, monkeypatch):
    old, new = (await start()).id, (await start()).id
    await sessions.release(operator, new)
    response = await mate.get("/?view=wall")
    assert rows(response) == [new, old]
    assert "This session was released." in text(response)
    monkeypatch.setattr(wall, "LINGER", timedelta(0))
    assert rows(await mate.get("/?view=wall")) == [old, new]


async def test_many_at_once_may_be_chosen_by_who_may_change_them(mate, watcher, start):
    session = await start(name="Shop")
    for view in VIEWS:
        page = (await mate.get(f"/?view={view}")).content.decode()
        assert f'name="ids" value="{session.id}" aria-label="Select Shop"' in page
        assert "data-bulk-release" in page
        page = (await watcher.get(f"/?view={view}")).content.decode()
        assert 'name="ids"' not in page
        assert "data-bulk" not in page


async def test_a_page_that_calls_itself_something_endless_is_cut(engine, mate, start):
    session = await start(url="data:text/html," + "x" * 3000)
    engine.live[session.id].show(title="t" * 500)
    for view in VIEWS:
        page = (await mate.get(f"/?view={view}")).content.decode()
        assert "t" * 121 not in page
        assert "x" * 121 not in page


async def test_nothing_found(mate, start):
    await start()
    assert "No session matches." in text(await mate.get("/?q=nonsense"))


@pytest.mark.parametrize("query", ["status=asleep", "q=%25", "label=:", "shown=-1"])
async def test_odd_filters_find_what_they_find(mate, start, query):
    await start()
    assert (await mate.get(f"/?{query}")).status_code == 200


async def test_a_cursor_from_nowhere(mate, start):
    await start()
    response = await mate.get("/sessions/rows?cursor=nonsense", fragment=True)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


async def test_another_projects_sessions_are_not_listed(boss, foreign_session):
    page = await boss.get("/")
    assert rows(page) == []
    assert "secret plan" not in page.content.decode()


async def test_a_viewer_has_no_buttons(watcher, start):
    await start()
    page = await watcher.get("/")
    assert "hx-post" not in page.content.decode()
    assert "New session" not in text(page)


async def test_pages_cannot_write_into_the_list(engine, mate, start):
    session = await start(name=SCRIPT, url=f"data:text/html,{SCRIPT}", labels={"note": f'">{SCRIPT}'})
    engine.live[session.id].show(title=SCRIPT)
    engine.live[session.id].audience.asked_by = (SCRIPT,)
    paths = ("/", "/?view=table", "/sessions/rows", f"/?q={SCRIPT}&label=note:{SCRIPT}")
    for path in (*paths, paths[0]):
        response = await mate.get(path)
        assert SCRIPT not in response.content.decode()
    assert SCRIPT in text(await mate.get("/"))


@pytest.mark.usefixtures("nothing_lingers")
@pytest.mark.parametrize("view", VIEWS)
async def test_a_long_list_costs_no_more_queries_than_a_short_one(mate, operator, start, view):
    async def queries() -> int:
        captured = CaptureQueriesContext(connection)
        await sync_to_async(captured.__enter__)()
        await mate.get(f"/?view={view}")
        await sync_to_async(captured.__exit__)(None, None, None)
        return await sync_to_async(lambda: len(captured.captured_queries))()

    await mate.get(f"/?view={view}")
    for number in range(2):
        session = await start(labels={"a": str(number)})
    await sessions.release(operator, session.id)
    few = await queries()
    for number in range(6):
        session = await start(labels={"a": str(number), "b": "2"})
        if number % 2:
            await sessions.release(operator, session.id)
    assert await queries() == few
    # The login (session, person, membership), the total, those that run and those that ended, each with their labels.
    assert few == 8
