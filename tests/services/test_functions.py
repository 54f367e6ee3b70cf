"""Functions without a browser: what they answer, keep and refuse."""

from __future__ import annotations

import pytest

from sessions_app.engine.automation.hands import Interaction
from sessions_app.engine.automation.pictures import Print
from sessions_app.engine.errors import BrowserClosed
from sessions_app.services import driving, errors, functions, keepsakes, page_reading
from sessions_app.services.function_answers import Look, Opening
from sessions_app.services.page_reading import Cookie, CookieWork, Wanted

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = driving.DEFAULT


@pytest.fixture
async def session(start):
    return await start()


@pytest.fixture
def live(session, engine):
    return engine.find(session.id)


@pytest.fixture
def page(live):
    return live.pilot.fake


async def test_open_answers_what_is_seen(operator, session, live, page, settings):
    asked = Opening(url="example.com", width=640)
    seen = await functions.open_page(operator, session.id, asked, SECONDS)
    assert (seen.success, page.url) == (True, "https://example.com")
    assert (live.viewport.width, live.viewport.height) == (640, 720)
    assert [element.desc for element in seen.elements] == [
        '@e1 [button] "Send"',
        '@e2 [a] "Home" href="https://example.com/"',
    ]
    assert seen.screenshot
    assert seen.screenshot.uri == (
        f"{settings.QUARTERDECK_PUBLIC_URL}/api/v1/sessions/{session.id}/files/screenshots/0001.png"
    )
    assert live.files.read("screenshots/0001.png") == b"\x89PNG of " + session.id.encode()


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("user_agent", {"user_agent": "Other"}),
        ("show_cursor", {"show_cursor": True}),
        ("proxy_url", {"proxy": ("http://proxy.example:3128", "", "")}),
    ],
)
async def test_open_does_not_launch_otherwise(operator, session, page, field, asked):
    with pytest.raises(errors.Invalid) as caught:
        await functions.open_page(operator, session.id, Opening(url="example.com", **asked), SECONDS)
    assert caught.value.field == field
    assert page.url == "about:blank"


async def test_open_takes_what_the_session_was_started_with(operator, start):
    session = await start(user_agent="Mine", show_cursor=True)
    asked = Opening(url="example.com", user_agent="Mine", show_cursor=True)
    assert (await functions.open_page(operator, session.id, asked, SECONDS)).success


async def test_a_viewer_is_not_told_how_a_session_was_started(viewer, session):
    asked = Opening(url="example.com", user_agent="Other")
    with pytest.raises(errors.Forbidden):
        await functions.open_page(viewer, session.id, asked, SECONDS)


async def test_a_page_that_fails_is_no_error(operator, session, page):
    page.failure = "Page.title: Target crashed"
    seen = await functions.snapshot(operator, session.id, Look(), SECONDS)
    assert (seen.success, seen.message, seen.elements) == (False, "Target crashed", [])
    told = await functions.execute(operator, session.id, "1", SECONDS, picture=False)
    assert (told.success, told.error, told.result) == (False, "Target crashed", None)
    assert not (await page_reading.content(operator, session.id, SECONDS)).success
    wanted = [Wanted(selector="a", most=1)]
    assert not (await page_reading.scrape(operator, session.id, wanted, SECONDS)).success


async def test_a_browser_that_has_gone_is_one(operator, session, live, page):
    page.failure = "Target closed"
    live.pilot.attached = False
    acts = [
        lambda: functions.snapshot(operator, session.id, Look(), SECONDS),
        lambda: functions.execute(operator, session.id, "1", SECONDS, picture=False),
        lambda: functions.open_page(operator, session.id, Opening(url="example.com"), SECONDS),
        lambda: page_reading.content(operator, session.id, SECONDS),
        lambda: functions.interact(
            operator,
            session.id,
            Interaction(action="click", selector="a"),
            SECONDS,
            look=None,
            picture=False,
        ),
    ]
    for act in acts:
        with pytest.raises(errors.Conflict) as caught:
            await act()
        assert caught.value.code == "browser_unavailable"


async def test_interact_counts_as_an_action(operator, session, live, page):
    asked = Interaction(action="click", selector="#send")
    told = await functions.interact(operator, session.id, asked, SECONDS, look=None, picture=False)
    assert (told.success, told.snapshot, told.screenshot) == (True, None, None)
    assert [name for name, *_ in page.done] == ["click"]
    assert live.audience.actions == 1


async def test_a_picture_that_does_not_come_spoils_nothing(operator, session, live):
    live.failure = BrowserClosed("gone")
    asked = Interaction(action="press", text="Enter")
    told = await functions.interact(operator, session.id, asked, SECONDS, look=Look(), picture=True)
    assert (told.success, told.screenshot) == (True, None)
    assert told.snapshot


async def test_an_open_dialog_is_no_picture(operator, session, live):
    live.audience.hub.viewers["v1"] = type("Viewer", (), {"role": "control"})()
    live.dialog = type("Dialog", (), {"id": 1, "kind": "alert", "message": "Hm"})()
    told = await functions.screenshot(operator, session.id, SECONDS)
    assert not told.success
    assert "dialog" in told.message
    assert [dialog.answer for dialog in told.dialogs] == ["left"]


async def test_the_newest_are_kept(live, monkeypatch):
    monkeypatch.setattr(keepsakes, "MOST", 3)
    for _ in range(5):
        await keepsakes.keep(live, "screenshots", b"png")
    await keepsakes.keep(live, "prints", b"pdf")
    assert [facts.name for facts in live.files.list()] == [
        "prints/0001.pdf",
        "screenshots/0003.png",
        "screenshots/0004.png",
        "screenshots/0005.png",
    ]


async def test_one_that_was_deleted_is_not_missed(live, monkeypatch):
    monkeypatch.setattr(keepsakes, "MOST", 1)
    await keepsakes.keep(live, "screenshots", b"png")
    live.files.delete("screenshots/0001.png")
    assert (await keepsakes.keep(live, "screenshots", b"png")).filename == "0002.png"


async def test_a_print_is_a_file(operator, session):
    told = await page_reading.pdf(operator, session.id, Print(), SECONDS)
    assert told.pdf
    assert told.pdf.content_type == "application/pdf"


async def test_cookies_by_our_names(operator, session, page):
    cookie = Cookie(name="a", value="b", url="https://example.com", http_only=True)
    await page_reading.cookies(operator, session.id, CookieWork(action="set", cookies=[cookie]), SECONDS)
    assert page.context.jar[0]["httpOnly"] is True
    told = await page_reading.cookies(operator, session.id, CookieWork(action="get"), SECONDS)
    assert (told.cookies[0]["http_only"], told.cookies[0]["expires"]) == (True, None)
    await page_reading.cookies(operator, session.id, CookieWork(action="clear"), SECONDS)
    assert page.context.jar == []


async def test_close_releases(operator, session, engine):
    await functions.close(operator, session.id)
    assert session.id not in engine.live
    with pytest.raises(errors.SessionEnded):
        await functions.close(operator, session.id)
