"""A session's tabs in its panel: listed, opened, brought to the front, closed."""

from __future__ import annotations

import pytest

from sessions_app.services import sessions
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


async def test_they_are_opened_shown_and_closed(engine, mate, start):
    session = await start(url="https://one.example/")
    live = engine.live[session.id]
    opened = await mate.post(f"/sessions/{session.id}/tabs", {"url": "two.example"}, fragment=True)
    assert opened.status_code == 200
    assert [(tab.url, tab.active) for tab in live.tabs] == [
        ("https://one.example/", False),
        ("https://two.example", True),
    ]
    assert "https://two.example In front" in text(opened)
    shown = await mate.post(f"/sessions/{session.id}/tabs/1/activate", fragment=True)
    assert live.active_tab.id == 1
    assert "https://one.example/ In front" in text(shown)
    closed = await mate.post(f"/sessions/{session.id}/tabs/2/close", fragment=True)
    assert [tab.id for tab in live.tabs] == [1]
    assert "two.example" not in text(closed)


async def test_a_refused_address_is_said_beside_what_was_typed(engine, mate, start):
    session = await start()
    response = await mate.post(f"/sessions/{session.id}/tabs", {"url": "file:///etc"}, fragment=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert "file: is not one of" in page.partition('id="tab-error">')[2].lower()
    assert 'value="file:///etc"' in page
    assert len(engine.live[session.id].tabs) == 1


async def test_a_tab_that_is_gone(mate, start):
    session = await start()
    for verb in ("activate", "close"):
        response = await mate.post(f"/sessions/{session.id}/tabs/9/{verb}", fragment=True)
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("state", "words"), [("crashed", "Crashed"), ("unresponsive", "Does not answer"), ("loading", "Loading")]
)
async def test_what_is_the_matter_is_said(engine, watcher, start, state, words):
    session = await start()
    engine.live[session.id].show(**{state: True, "title": SCRIPT})
    response = await watcher.get(f"/sessions/{session.id}/tabs", fragment=True)
    assert words in text(response)
    assert SCRIPT not in response.content.decode()


async def test_a_viewer_sees_them_and_has_no_buttons(engine, watcher, start):
    session = await start(url="https://one.example/")
    response = await watcher.get(f"/sessions/{session.id}/tabs", fragment=True)
    assert "https://one.example/" in text(response)
    assert "<button" not in response.content.decode()
    for path in ("tabs", "tabs/1/activate", "tabs/1/close"):
        assert (await watcher.post(f"/sessions/{session.id}/{path}", fragment=True)).status_code == 403
    assert len(engine.live[session.id].tabs) == 1


async def test_without_a_browser_there_are_none(engine, mate, operator, start):
    object.__setattr__(engine.config, "max_sessions", 1)
    running, waiting = await start(), await start()
    assert "not running" in text(await mate.get(f"/sessions/{waiting.id}/tabs", fragment=True))
    await sessions.release(operator, running.id)
    assert (await mate.get(f"/sessions/{running.id}/tabs", fragment=True)).status_code == 410
