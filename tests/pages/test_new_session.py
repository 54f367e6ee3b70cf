"""The form that starts a session."""

from __future__ import annotations

import pytest

from sessions_app.models import Session
from sessions_app.services import labels
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)

FILLED = {
    "url": "example.com",
    "name": "",
    "image_id": "browser_latest",
    "screen": "1280x720",
    "width": "1280",
    "height": "720",
    "user_agent": "",
    "locale": "",
    "timezone": "",
    "idle_timeout": "300",
    "max_lifetime": "3600",
    "watching_keeps_alive": "on",
}


async def start(person, **changes):
    return await person.post("/sessions/new", {**FILLED, **changes})


async def test_it_is_filled_with_the_defaults(engine, mate, settings):
    settings.QUARTERDECK_IDLE_TIMEOUT = 77
    page = (await mate.get("/sessions/new")).content.decode()
    assert 'value="77"' in page
    assert "Headless Chromium" in page


async def test_it_starts_a_session_and_leads_to_it(engine, mate, operator):
    response = await start(
        mate,
        name="Shop",
        label_key=["team", "", "env"],
        label_value=["red", "", ""],
        screen="phone",
        user_agent="Agent/1",
        locale="en-GB",
        timezone="Europe/Berlin",
        idle_timeout="60",
        max_lifetime="120",
    )
    (live,) = engine.launched
    assert (response.status_code, response["Location"]) == (302, f"/sessions/{live.id}")
    spec = live.spec
    assert (spec.url, spec.name) == ("https://example.com", "Shop")
    assert (spec.viewport.width, spec.viewport.height, spec.viewport.mobile) == (390, 844, True)
    assert (spec.user_agent, spec.locale, spec.timezone) == ("Agent/1", "en-GB", "Europe/Berlin")
    assert (spec.idle_timeout, spec.max_lifetime, spec.watching_keeps_alive) == (60, 120, True)
    assert await labels.get(operator, live.id) == {"team": "red", "env": ""}
    assert (await Session.objects.aget()).created_by == "operator"


async def test_a_screen_of_ones_own(engine, mate):
    await start(mate, screen="own", width="1000", height="500", watching_keeps_alive="")
    spec = engine.launched[0].spec
    assert (spec.viewport.width, spec.viewport.height) == (1000, 500)
    assert spec.watching_keeps_alive is False


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "file:///etc/passwd", "file: is not one of"),
        ("name", "n" * 201, "at most 200 characters"),
        ("image_id", "amiga", "not one of the available choices"),
        ("screen", "huge", "not one of the available choices"),
        ("locale", "???", "Not a locale"),
        ("timezone", "Mars/Base", "Not a timezone"),
        ("user_agent", "a\x7fb", "Not one line"),
        ("idle_timeout", "0", "greater than or equal to 1"),
        ("idle_timeout", "soon", "Enter a whole number"),
        ("max_lifetime", "86401", "less than or equal to 86400"),
    ],
)
async def test_a_mistake_is_said_beside_its_field(engine, mate, field, value, words):
    response = await start(mate, **{"name": "kept", field: value})
    page = response.content.decode()
    assert response.status_code == 422
    beside = page.partition(f'id="id_{field}_error">')[2].partition("</p>")[0]
    assert words in beside
    assert f'aria-describedby="id_{field}_error"' in page
    assert field == "name" or 'value="kept"' in page
    assert engine.launched == []


@pytest.mark.parametrize(
    ("size", "words"),
    [("99", "Not within 100 and 4096 pixels"), ("", "How many pixels?"), ("x", "whole number")],
)
async def test_a_wrong_size(engine, mate, size, words):
    response = await start(mate, screen="own", width=size)
    assert response.status_code == 422
    assert words in response.content.decode().partition('id="id_width_error">')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("keys", "words"),
    [(["a b"], "A key is 1 to 63"), (["", "b"], "A key is 1 to 63"), (["team", "team"], "stands here twice")],
)
async def test_wrong_labels_are_kept_and_said(engine, mate, keys, words):
    response = await start(mate, label_key=keys, label_value=["red", SCRIPT])
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="red"' in response.content.decode()
    assert SCRIPT not in response.content.decode()


async def test_what_is_folded_away_unfolds_for_its_mistake(engine, mate):
    assert '<details class="more" open>' in (await start(mate, timezone="x")).content.decode()
    assert '<details class="more">' in (await start(mate, url="file:x")).content.decode()


async def test_a_browser_that_does_not_start(engine, mate):
    engine.failure = "no such binary"
    response = await start(mate, name="kept")
    assert response.status_code == 503
    assert "The session did not start." in text(response)
    assert "no such binary" in text(response)
    assert 'value="kept"' in response.content.decode()


async def test_no_room(engine, mate):
    engine.config = type(engine.config)(chromium={}, sessions_dir=engine.config.sessions_dir, max_sessions=0)
    response = await start(mate)
    assert response.status_code == 429
    assert "0 sessions run, as many as may." in text(response)


async def test_a_viewer_starts_none(engine, watcher):
    for response in (await watcher.get("/sessions/new"), await start(watcher)):
        assert response.status_code == 403
        assert "needs the role operator" in text(response)
    assert engine.launched == []
