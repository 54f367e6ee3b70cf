"""The options of a launch: which may be, how their secrets are kept, and what they come to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from sessions_app.engine.config import Geolocation, Look, Proxy, Viewport
from sessions_app.engine.devices import devices
from sessions_app.engine.events import BrowserGone
from sessions_app.models import LaunchSecret, Session, SessionStatus
from sessions_app.services import alike, crashes, errors, queue, sessions
from sessions_app.services.new_session import NewSession, checked
from sessions_app.services.stored_options import secrets_of
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

PROXY = Proxy(server="http://proxy.example:3128", username="ada", password="hunter2")
SECRET: dict[str, Any] = {"proxy": PROXY, "headers": {"X-Key": "hush"}, "init_scripts": ("hush()",)}


def proxy(**fields: str) -> NewSession:
    return NewSession(proxy=Proxy(**{"server": "http://proxy.example:3128", **fields}))


def place(**fields: float) -> NewSession:
    return NewSession(geolocation=Geolocation(**{"latitude": 0, "longitude": 0, **fields}))


def headers(*names: str, value: str = "x") -> NewSession:
    return NewSession(headers=dict.fromkeys(names, value))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (NewSession(device="Nokia 3310"), "device"),
        (NewSession(device="iphone 13"), "device"),
        (place(latitude=90.1), "geolocation.latitude"),
        (place(longitude=-180.1), "geolocation.longitude"),
        (place(accuracy=-1), "geolocation.accuracy"),
        (place(latitude=float("nan")), "geolocation.latitude"),
        (NewSession(color_scheme="pink"), "color_scheme"),
        (NewSession(block=["ads", "cats"]), "block"),
        (proxy(server=""), "proxy.server"),
        (proxy(server="proxy.example:3128"), "proxy.server"),
        (proxy(server="socks4://proxy.example:1080"), "proxy.server"),
        (proxy(server="http://"), "proxy.server"),
        (proxy(server="http://a b:1"), "proxy.server"),
        (proxy(server="http://proxy.example:99999"), "proxy.server"),
        (proxy(server="http://proxy.example:0"), "proxy.server"),
        (proxy(server="http://proxy.example/path"), "proxy.server"),
        (proxy(server="http://proxy.example?x"), "proxy.server"),
        (proxy(server="http://ada:hunter2@proxy.example:3128"), "proxy.server"),
        (proxy(server="http://proxy.example:1;https=http://evil.example"), "proxy.server"),
        (proxy(server="http://proxy.example\n:1"), "proxy.server"),
        (proxy(server="http://bücher.example:1"), "proxy.server"),
        (proxy(server="http://" + "x" * 1024), "proxy.server"),
        (proxy(bypass="a\x00b"), "proxy.bypass"),
        (proxy(bypass="a" * 1025), "proxy.bypass"),
        (proxy(username="a\nb"), "proxy.username"),
        (proxy(password="only"), "proxy.username"),
        (proxy(username="ada", password="a" * 1025), "proxy.password"),
        (proxy(server="socks5://proxy.example:1080", username="ada"), "proxy.username"),
        (headers("X A"), "headers"),
        (headers(""), "headers"),
        (headers("host"), "headers"),
        (headers("Proxy-Authorization"), "headers"),
        (headers("X-A", "x-a"), "headers"),
        (headers(*(f"X-{number}" for number in range(51))), "headers"),
        (headers("X-A", value="a\r\nB: c"), "headers.X-A"),
        (headers("X-A", value="ü"), "headers.X-A"),
        (headers("X-A", value="x" * 8192), "headers"),
        (NewSession(init_scripts=["1"] * 11), "init_scripts"),
        (NewSession(init_scripts=["ü" * 50_001]), "init_scripts"),
        (NewSession(init_scripts=["\ud800"]), "init_scripts"),
        (NewSession(on_client_close="shrug"), "on_client_close"),
        (NewSession(while_controlled="shrug"), "while_controlled"),
    ],
)
async def test_what_cannot_be(engine, operator, asked, field):
    with pytest.raises(errors.Invalid) as refusal:
        await sessions.create(operator, asked)
    assert refusal.value.field == field
    assert not await Session.objects.aexists()


@pytest.mark.parametrize(
    "asked",
    [
        proxy(server="https://10.0.0.1:8443"),
        proxy(server="http://[::1]:3128/"),
        proxy(server="http://proxy_1.example"),
        proxy(server="socks5://proxy.example:1080"),
        proxy(username="ada"),
        proxy(bypass="<-loopback>, *.example.com, 10.0.0.0/8, [::1]"),
        place(latitude=-90, longitude=180, accuracy=1e6),
        headers("X-A", "Authorization", "User-Agent", value="a b\tc"),
        NewSession(init_scripts=["x" * 10_000] * 10),
    ],
)
def test_what_can_be(asked):
    assert checked(asked).proxy == asked.proxy


def test_a_device_gives_what_was_not_asked_otherwise():
    phone = devices()["Pixel 7"]
    assert checked(NewSession()).viewport == Viewport()
    assert checked(NewSession(device="Pixel 7")).viewport == phone.viewport
    assert checked(NewSession(image_id="mobile")).user_agent == phone.user_agent
    own = checked(NewSession(image_id="mobile", device="iPhone 13", viewport=Viewport(width=500)))
    assert (own.viewport, own.user_agent) == (Viewport(width=500), devices()["iPhone 13"].user_agent)


async def test_secrets_are_sealed_in_the_row(start):
    session = await start(**SECRET)
    row, secret = await Session.objects.aget(), await LaunchSecret.objects.aget()
    for word in ("hunter2", "hush"):
        assert word not in repr(vars(row)) + secret.sealed
    kept = await sync_to_async(secrets_of)(row)
    assert session.id == secret.session_id
    assert (kept.proxy_password, kept.headers) == ("hunter2", {"X-Key": "hush"})
    assert kept.init_scripts == ("hush()",)


async def test_no_secrets_nothing_sealed(start):
    session = await start(proxy=replace(PROXY, username="", password=""), block=["ads"])
    assert session.block == ["ads"]
    assert not await LaunchSecret.objects.aexists()


async def test_a_session_that_waited_is_launched_with_them(engine, start, operator):
    engine.config = replace(engine.config, max_sessions=1)
    first, second = await start(), await start(**SECRET)
    assert second.status == SessionStatus.QUEUED
    assert second.proxy == {"server": PROXY.server, "bypass": "", "username": "ada"}
    await sessions.release(operator, first.id)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(queue.work())
        await until(lambda: len(engine.launched) == 2)
        working.cancel()
    spec = engine.launched[1].spec
    assert spec.proxy == PROXY
    assert spec.look == Look(headers={"X-Key": "hush"}, init_scripts=("hush()",))


async def test_a_browser_that_is_started_again_has_them(engine, start):
    session = await start(**SECRET, color_scheme="dark", on_crash="restart")
    gone = BrowserGone(session_id=session.id, reason="browser_crashed", detail="It crashed.")
    await crashes.browser_gone(gone)
    one, two = (live.spec for live in engine.launched)
    assert (two.proxy, two.look, two.color_scheme) == (PROXY, one.look, "dark")


async def test_it_is_not_started_again_without_what_was_sealed(engine, start, settings):
    """Rather not at all than past its proxy."""
    session = await start(**SECRET, on_crash="restart")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    gone = BrowserGone(session_id=session.id, reason="browser_crashed", detail="It crashed.")
    await crashes.browser_gone(gone)
    row = await Session.objects.aget(pk=session.id)
    assert row.status == SessionStatus.FAILED
    assert "sealed by a secret key that is gone" in row.error
    assert len(engine.launched) == 1


async def test_a_secret_key_that_was_replaced_still_reads(engine, start, settings):
    session = await start(**SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    row = await Session.objects.aget(pk=session.id)
    assert (await sync_to_async(secrets_of)(row)).proxy_password == "hunter2"


async def test_one_like_it_takes_over_what_was_left_out(start, operator):
    session = await start(**SECRET)
    asked = NewSession(proxy=replace(PROXY, password=""), headers={"X-Key": alike.KEPT, "X-Own": "y"})
    taken = await alike.with_secrets_of(operator, session.id, asked, scripts=True)
    assert taken.proxy == PROXY
    assert taken.headers == {"X-Key": "hush", "X-Own": "y"}
    assert taken.init_scripts == ("hush()",)


@pytest.mark.parametrize(
    "other", [{"server": "http://mine.example:3128"}, {"username": "eve"}, {"password": "own"}]
)
async def test_no_other_proxy_learns_the_password(start, operator, other):
    session = await start(**SECRET)
    mine = replace(PROXY, **{"password": "", **other})
    taken = await alike.with_secrets_of(operator, session.id, NewSession(proxy=mine), scripts=False)
    assert taken.proxy == mine
    assert taken.init_scripts == ()


async def test_secrets_are_for_those_who_may_start_sessions_in_their_project(start, viewer, stranger):
    session = await start(**SECRET)
    for actor, refusal in ((viewer, errors.Forbidden), (stranger, errors.NotFound)):
        with pytest.raises(refusal):
            await alike.with_secrets_of(actor, session.id, NewSession(), scripts=True)


async def test_a_session_whose_secrets_are_gone_has_nothing_to_take_over(start, operator, settings):
    session = await start(**SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    with pytest.raises(errors.LaunchFailed):
        await alike.with_secrets_of(operator, session.id, NewSession(), scripts=True)
