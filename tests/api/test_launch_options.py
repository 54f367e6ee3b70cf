"""Launch options by REST: passed on, shown again without what is secret, and refused by name."""

from __future__ import annotations

import json

import pytest

from sessions_app.engine.config import Geolocation, Look, Proxy
from sessions_app.engine.devices import devices
from sessions_app.models import Session

pytestmark = pytest.mark.django_db(transaction=True)

SHOWN = {
    "geolocation": {"latitude": 52.5, "longitude": 13.4, "accuracy": 7.0},
    "color_scheme": "dark",
    "ignore_https_errors": True,
    "block": ["ads", "media"],
    "show_cursor": True,
    "on_client_close": "release",
    "while_controlled": "wait",
}
PROXY = {"server": "http://proxy.example:3128", "bypass": "localhost", "username": "ada"}
SECRET = {
    "proxy": {**PROXY, "password": "hunter2"},
    "headers": {"Authorization": "Bearer hush"},
    "init_scripts": ["globalThis.hush = 1"],
}


async def test_all_of_them_reach_the_browser(api, engine):
    response = await api("POST", "/sessions", {**SHOWN, **SECRET})
    assert response.status_code == 201, response.content
    spec = engine.launched[0].spec
    assert spec.look == Look(
        geolocation=Geolocation(latitude=52.5, longitude=13.4, accuracy=7),
        headers={"Authorization": "Bearer hush"},
        init_scripts=("globalThis.hush = 1",),
        show_cursor=True,
    )
    assert spec.proxy == Proxy(**PROXY, password="hunter2")
    assert (spec.color_scheme, spec.ignore_https_errors) == ("dark", True)
    assert spec.block == {"ads", "media"}


async def test_they_are_shown_again_without_what_is_secret(api, engine, caplog):
    made = (await api("POST", "/sessions", {**SHOWN, **SECRET})).json()
    found = (await api("GET", f"/sessions/{made['id']}")).json()
    for body in (made, found):
        assert {name: body[name] for name in SHOWN} == SHOWN
        assert (body["proxy"], body["header_names"], body["init_scripts"]) == (PROXY, ["Authorization"], 1)
        assert "hunter2" not in json.dumps(body)
        assert "hush" not in json.dumps(body)
    events = (await api("GET", f"/sessions/{made['id']}/events")).content.decode()
    row = repr(await Session.objects.filter(pk=made["id"]).values().aget())
    for place in (events, row, caplog.text):
        assert "hunter2" not in place
        assert "hush" not in place


async def test_a_plain_session_has_none(api, engine):
    body = (await api("POST", "/sessions", {})).json()
    assert (body["device"], body["proxy"], body["geolocation"], body["color_scheme"]) == (None,) * 4
    assert (body["block"], body["header_names"], body["init_scripts"]) == ([], [], 0)
    assert (body["on_client_close"], body["while_controlled"]) == ("detach", "refuse")
    assert engine.launched[0].spec.look == Look()
    assert (await Session.objects.aget()).options == {}


@pytest.mark.parametrize("asked", [{"device": "Pixel 7"}, {"image_id": "mobile"}])
async def test_a_device_has_its_screen_and_its_user_agent(api, engine, asked):
    body = (await api("POST", "/sessions", asked)).json()
    phone = devices()["Pixel 7"]
    assert body["viewport"] == vars(phone.viewport)
    assert body["user_agent"] == phone.user_agent
    assert body["device"] == asked.get("device")


async def test_what_is_said_wins_over_the_device(api, engine):
    asked = {"device": "Pixel 7", "viewport": {"width": 500}, "user_agent": "Mine/1"}
    body = (await api("POST", "/sessions", asked)).json()
    assert body["viewport"] == {**vars(devices()["Pixel 7"].viewport), "width": 500}
    assert body["user_agent"] == "Mine/1"


@pytest.mark.parametrize("device", ["iPhone 15 landscape", "Desktop Chrome HiDPI", "Galaxy S9+"])
async def test_every_kind_of_device(api, engine, device):
    body = (await api("POST", "/sessions", {"device": device})).json()
    assert (body["device"], body["viewport"]) == (device, vars(devices()[device].viewport))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"device": "Nokia 3310"}, "device"),
        ({"geolocation": {"latitude": 1}}, "geolocation.longitude"),
        ({"geolocation": {"latitude": 91, "longitude": 0}}, "geolocation.latitude"),
        ({"color_scheme": "pink"}, "color_scheme"),
        ({"proxy": {"server": "proxy.example:3128"}}, "proxy.server"),
        ({"proxy": {"server": "socks5://p:1", "username": "a", "password": "b"}}, "proxy.username"),
        ({"proxy": {"server": "http://p:1", "host": "x"}}, "proxy.host"),
        ({"headers": {"Host": "x"}}, "headers"),
        ({"headers": {"X-A": "a\nb"}}, "headers.X-A"),
        ({"headers": ["X-A"]}, "headers"),
        ({"block": ["cats"]}, "block.0"),
        ({"init_scripts": ["x"] * 11}, "init_scripts"),
        ({"init_scripts": ["x" * 100_001]}, "init_scripts"),
        ({"ignore_https_errors": "yes"}, "ignore_https_errors"),
        ({"on_client_close": "shrug"}, "on_client_close"),
        ({"while_controlled": "shrug"}, "while_controlled"),
        ({"record": True}, "record"),
        ({"contexts": []}, "contexts"),
    ],
)
async def test_a_wrong_one_is_refused_by_its_name(api, engine, body, field):
    response = await api("POST", "/sessions", body)
    assert response.status_code == 422, response.content
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not engine.launched


async def test_a_refusal_does_not_repeat_a_password(api, engine, caplog):
    proxy = {"server": "socks5://p:1", "username": "ada", "password": "hunter2"}
    for body in ({"proxy": proxy}, {"proxy": {**proxy, "password": ["hunter2"]}}):
        response = await api("POST", "/sessions", body)
        assert response.status_code == 422
        assert "hunter2" not in response.content.decode() + caplog.text


async def test_the_same_named_request_answers_the_same_session(api, engine):
    api.headers["Idempotency-Key"] = "once"
    one = await api("POST", "/sessions", {**SHOWN, **SECRET})
    two = await api("POST", "/sessions", {**SHOWN, **SECRET})
    assert one.json()["id"] == two.json()["id"]
    other = {**SHOWN, **SECRET, "proxy": {**PROXY, "password": "other"}}
    assert (await api("POST", "/sessions", other)).status_code == 422
    assert len(engine.launched) == 1
