"""The form that starts a session."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sessions_app.engine.config import Geolocation, Proxy, Viewport
from sessions_app.engine.devices import devices
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
    sent: dict[str, list[str] | str] = {"label_key": [], "label_value": [], "block": []}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name, value = found.get("name", ""), unescape(found.get("value", ""))
        if found.get("type") == "checkbox" and " checked" not in tag:
            continue
        if isinstance(sent.get(name), list):
            sent[name] = [*sent[name], value]
        else:
            sent[name] = value or ("on" if found.get("type") == "checkbox" else "")
    for name, words in re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', form, flags=re.DOTALL):
        sent[name] = unescape(words)
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, flags=re.DOTALL):
        sent[name] = unescape(re.findall(r'value="([^"]*)" selected', options)[0])
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
    "geolocation": Geolocation(latitude=52.5, longitude=-13.25, accuracy=10),
    "color_scheme": "dark",
    "proxy": Proxy(
        server="http://proxy.example:3128", bypass="localhost", username="ada", password="hunter2"
    ),
    "headers": {"X-Key": "hushed", "X-Team": "hushed too"},
    "ignore_https_errors": True,
    "block": ["ads", "media"],
    "init_scripts": ["globalThis.x = 1"],
    "show_cursor": True,
    "on_client_close": "release",
    "while_controlled": "wait",
}


@pytest.mark.parametrize("ended", [False, True])
async def test_another_like_one_that_there_was(engine, mate, operator, start, ended):
    first = await start(**LIKE)
    if ended:
        await sessions.release(operator, first.id)
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    filled = fields(page)
    assert page.count('<details class="more" open>') == 2
    assert (await mate.post("/sessions/new", filled)).status_code == 302
    one, two = (vars(live.spec) for live in engine.launched)
    assert one.pop("session_id") != two.pop("session_id")
    assert one == two
    rows = [row async for row in Session.objects.order_by("created_at")]
    assert rows[0].on_crash == rows[1].on_crash == "restart"
    policies = [(row.on_client_close, row.while_controlled) for row in rows]
    assert policies == [("release", "wait")] * 2
    for secret in ("hushed", "hunter2", "globalThis"):
        assert secret not in page
    assert await labels.get(operator, rows[1].id) == LIKE["labels"]


async def test_another_like_a_usual_one_has_nothing_unfolded(mate, start):
    first = await start(viewport=Viewport(width=390, height=844, device_scale_factor=2, mobile=True))
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    assert '<details class="more">' in page
    assert fields(page)["screen"] == "phone"
    assert fields(page)["url"] == ""


async def test_what_only_the_service_refuses_stands_beside_its_field(engine, mate):
    response = await start_form(mate, proxy_server="http://proxy.example", proxy_bypass="a|b")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Not a list such as" in page.partition('id="id_proxy_bypass_error">')[2].partition("</p>")[0]


async def test_pages_and_network(engine, mate):
    await start_form(
        mate,
        proxy_server="http://proxy.example:3128",
        proxy_username="ada",
        proxy_password=" hunter2",
        proxy_bypass="localhost",
        headers="X-Team: red\n\nX-Key:  a:b ",
        block=["ads", "fonts"],
        ignore_https_errors="on",
        latitude="52.5",
        longitude="13.4",
        color_scheme="dark",
        show_cursor="on",
        on_client_close="release",
        while_controlled="wait",
    )
    spec, row = engine.launched[0].spec, await Session.objects.aget()
    assert spec.proxy == Proxy(
        server="http://proxy.example:3128", username="ada", password=" hunter2", bypass="localhost"
    )
    assert spec.look.headers == {"X-Team": "red", "X-Key": "a:b"}
    assert spec.look.geolocation == Geolocation(latitude=52.5, longitude=13.4)
    assert spec.look.show_cursor
    assert (spec.block, spec.color_scheme) == ({"ads", "fonts"}, "dark")
    assert spec.ignore_https_errors
    assert (row.on_client_close, row.while_controlled) == ("release", "wait")


@pytest.mark.parametrize("asked", [{"device": "Pixel 7"}, {"image_id": "mobile"}])
async def test_a_device_of_playwrights(engine, mate, start, asked):
    first = await start(**asked)
    phone = devices()["Pixel 7"]
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    assert fields(page)["screen"] == "device:Pixel 7"
    assert fields(page)["user_agent"] == ""
    await mate.post("/sessions/new", fields(page))
    for live in engine.launched:
        assert (live.spec.viewport, live.spec.user_agent) == (phone.viewport, phone.user_agent)


async def test_a_device_with_a_user_agent_of_ones_own_stays_what_it_was(engine, mate, start):
    first = await start(device="Pixel 7", user_agent="Agent/1")
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    assert (fields(page)["screen"], fields(page)["user_agent"]) == ("own", "Agent/1")
    await mate.post("/sessions/new", fields(page))
    one, two = (live.spec for live in engine.launched)
    assert (one.viewport, one.user_agent) == (two.viewport, two.user_agent)


@pytest.mark.parametrize("changed", [{"proxy_server": "http://mine.example:1"}, {"proxy_username": "eve"}])
async def test_a_password_goes_to_no_other_proxy_and_no_other_user(engine, mate, start, changed):
    first = await start(**LIKE)
    page = (await mate.get(f"/sessions/new?like={first.id}")).content.decode()
    await mate.post("/sessions/new", {**fields(page), **changed})
    assert engine.launched[1].spec.proxy.password == ""


async def test_what_is_secret_may_be_changed_or_left_out(engine, mate, start):
    first = await start(**LIKE)
    sent = fields((await mate.get(f"/sessions/new?like={first.id}")).content.decode())
    del sent["init_scripts"]
    await mate.post("/sessions/new", {**sent, "proxy_password": "new", "headers": "X-Key: other"})
    spec = engine.launched[1].spec
    assert (spec.proxy.password, spec.look.headers, spec.look.init_scripts) == ("new", {"X-Key": "other"}, ())


async def test_dots_without_a_value_behind_them_are_refused(engine, mate, start):
    first = await start(**LIKE)
    sent = fields((await mate.get(f"/sessions/new?like={first.id}")).content.decode())
    response = await mate.post("/sessions/new", {**sent, "headers": "X-New: \u2022\u2022\u2022"})
    assert response.status_code == 422
    assert len(engine.launched) == 1


async def test_secrets_of_another_project_are_nobodys(engine, mate, foreign_session):
    response = await start_form(mate, like=foreign_session, headers="X-Key: \u2022\u2022\u2022")
    assert response.status_code == 404


async def test_none_is_like_another_projects(engine, mate, foreign_session):
    for like in (foreign_session, "ses_never"):
        response = await mate.get(f"/sessions/new?like={like}")
        assert response.status_code == 404
        assert "secret plan" not in response.content.decode()


# What is missing is said where it would stand.
ELSEWHERE = {
    ("latitude", "1"): "longitude",
    ("proxy_username", "ada"): "proxy_server",
    ("proxy_bypass", "a"): "proxy_server",
}


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
        ("proxy_server", "ftp://proxy", "Not an address such as http://proxy.example:3128"),
        ("proxy_server", "http://ada:hunter2@proxy:1", "Credentials have fields of their own"),
        ("proxy_bypass", "a", "Of which proxy?"),
        ("proxy_username", "ada", "Of which proxy?"),
        ("headers", "no colon", "Not a name and a value: no colon"),
        ("headers", "A: 1\nA: 2", "stands here twice"),
        ("headers", "Host: evil.example", "belongs to the connection"),
        ("latitude", "91", "less than or equal to 90"),
        ("latitude", "1", "A place needs it."),
        ("accuracy", "-1", "greater than or equal to 0"),
        ("color_scheme", "pink", "not one of the available choices"),
        ("block", "cats", "not one of the available choices"),
    ],
)
async def test_a_mistake_is_said_beside_its_field(engine, mate, field, value, words):
    response = await start_form(mate, **{"name": "kept", field: value})
    page = response.content.decode()
    assert response.status_code == 422
    where = ELSEWHERE.get((field, value), field)
    beside = page.partition(f'id="id_{where}_error">')[2].partition("</p>")[0]
    assert words in unescape(beside)
    assert where == "block" or f'aria-describedby="id_{where}_error"' in page
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
