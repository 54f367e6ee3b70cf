"""The form that starts a session."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sessions_app.engine.config import Viewport
from sessions_app.models import Session
from sessions_app.services import labels, sessions
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


def fields(page: str) -> dict[str, list[str] | str]:
    """What a browser would send of the form as it stands."""
    form = page.partition('<form class="form"')[2].partition("</form>")[0]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.DOTALL)
    sent: dict[str, list[str] | str] = {"label_key": [], "label_value": []}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name, value = found.get("name", ""), unescape(found.get("value", ""))
        if isinstance(sent.get(name), list):
            sent[name] = [*sent[name], value]
        elif found.get("type") != "checkbox" or " checked" in tag:
            sent[name] = value or ("on" if found.get("type") == "checkbox" else "")
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, flags=re.DOTALL):
        sent[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return sent


async def start_form(person, **changes):
    return await person.post("/sessions/new", {**FILLED, **changes})


async def test_it_is_filled_with_the_defaults(engine, mate, settings):
    settings.QUARTERDECK_IDLE_TIMEOUT = 77
    page = (await mate.get("/sessions/new")).content.decode()
    assert 'value="77"' in page
    assert "Headless Chromium" in page


async def test_it_starts_a_session_and_leads_to_it(engine, mate, operator):
    response = await start_form(
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
    await start_form(mate, screen="own", width="1000", height="500", watching_keeps_alive="")
    spec = engine.launched[0].spec
    assert (spec.viewport.width, spec.viewport.height) == (1000, 500)
    assert spec.watching_keeps_alive is False


async def test_every_side_of_a_screen_of_ones_own(engine, mate):
    own = {"screen": "own", "width": "800", "height": "600", "device_scale_factor": "1.5", "mobile": "on"}
    await start_form(mate, **own)
    viewport = engine.launched[0].spec.viewport
    assert (viewport.width, viewport.height) == (800, 600)
    assert (viewport.device_scale_factor, viewport.mobile) == (1.5, True)


@pytest.mark.parametrize(
    ("screen", "size", "mobile"),
    [("1440x900", (1440, 900), False), ("tablet", (820, 1180), True), ("phone", (390, 844), True)],
)
async def test_a_device(engine, mate, screen, size, mobile):
    await start_form(mate, screen=screen, width="1", device_scale_factor="")
    viewport = engine.launched[0].spec.viewport
    assert ((viewport.width, viewport.height), viewport.mobile) == (size, mobile)


@pytest.mark.parametrize(("chosen", "kept"), [("restart", "restart"), ("end", "end"), ("", "end")])
async def test_what_a_crash_does(engine, mate, chosen, kept):
    await start_form(mate, on_crash=chosen)
    assert (await Session.objects.aget()).on_crash == kept


LIKE = {
    "name": "Shop",
    "url": "https://shop.example/",
    "labels": {"team": "red", "env": ""},
    "image_id": "chromium",
    "viewport": Viewport(width=700, height=500, device_scale_factor=1.5),
    "user_agent": "Agent/1",
    "locale": "en-GB",
    "timezone": "Europe/Berlin",
    "idle_timeout": 61,
    "max_lifetime": 121,
    "watching_keeps_alive": False,
    "on_crash": "restart",
}


@pytest.mark.parametrize("ended", [False, True])
async def test_another_like_one_that_there_was(engine, mate, operator, start, ended):
    first = await start(**LIKE)
    if ended:
        await sessions.release(operator, first.id)
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    filled = fields(page)
    assert '<details class="more" open>' in page
    assert (await mate.post("/sessions/new", filled)).status_code == 302
    one, two = (vars(live.spec) for live in engine.launched)
    assert one.pop("session_id") != two.pop("session_id")
    assert one == two
    rows = [row async for row in Session.objects.order_by("created_at")]
    assert rows[0].on_crash == rows[1].on_crash == "restart"
    assert await labels.get(operator, rows[1].id) == LIKE["labels"]


async def test_another_like_a_usual_one_has_nothing_unfolded(mate, start):
    first = await start(viewport=Viewport(width=390, height=844, device_scale_factor=2, mobile=True))
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    assert '<details class="more">' in page
    assert fields(page)["screen"] == "phone"
    assert fields(page)["url"] == ""


async def test_none_is_like_another_projects(engine, mate, foreign_session):
    for like in (foreign_session, "ses_never"):
        response = await mate.get(f"/sessions/new?like={like}")
        assert response.status_code == 404
        assert "secret plan" not in response.content.decode()


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
    response = await start_form(mate, **{"name": "kept", field: value})
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
    response = await start_form(mate, screen="own", width=size)
    assert response.status_code == 422
    assert words in response.content.decode().partition('id="id_width_error">')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("keys", "words"),
    [(["a b"], "A key is 1 to 63"), (["", "b"], "A key is 1 to 63"), (["team", "team"], "stands here twice")],
)
async def test_wrong_labels_are_kept_and_said(engine, mate, keys, words):
    response = await start_form(mate, label_key=keys, label_value=["red", SCRIPT])
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="red"' in response.content.decode()
    assert SCRIPT not in response.content.decode()


async def test_what_is_folded_away_unfolds_for_its_mistake(engine, mate):
    assert '<details class="more" open>' in (await start_form(mate, timezone="x")).content.decode()
    assert '<details class="more">' in (await start_form(mate, url="file:x")).content.decode()


async def test_a_browser_that_does_not_start(engine, mate):
    engine.failure = "no such binary"
    response = await start_form(mate, name="kept")
    assert response.status_code == 503
    assert "The session did not start." in text(response)
    assert "no such binary" in text(response)
    assert 'value="kept"' in response.content.decode()


async def test_no_room(engine, mate, settings):
    settings.QUARTERDECK_QUEUE = 0
    engine.config = type(engine.config)(chromium={}, sessions_dir=engine.config.sessions_dir, max_sessions=0)
    response = await start_form(mate)
    assert response.status_code == 429
    assert "0 sessions run, as many as may." in text(response)


async def test_a_viewer_starts_none(engine, watcher):
    for response in (await watcher.get("/sessions/new"), await start_form(watcher)):
        assert response.status_code == 403
        assert "needs the role operator" in text(response)
    assert engine.launched == []
