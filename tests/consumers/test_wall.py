"""The wall's socket: who gets in, what comes through it, and what closes it."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient

from sessions_app.consumers import wall as wall_module
from sessions_app.models import Membership, Role, User
from sessions_app.services import sessions
from sessions_app.services.new_session import NewSession

pytestmark = pytest.mark.django_db(transaction=True)

COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name in ("PICTURES_EVERY", "NEWS_EVERY", "STANDING_EVERY"):
        monkeypatch.setattr(wall_module, name, 0.01)


@pytest.fixture
async def browser(person) -> AsyncClient:
    """Ada's, logged in."""
    client = AsyncClient()
    user = await User.objects.aget(username="Ada")
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def wall(connect, browser):
    cookie = f"{COOKIE}={browser.cookies[COOKIE].value}"

    def wall(**headers: Any) -> Any:
        socket = connect("/ws/wall", **headers)
        socket._line.scope["headers"].append((b"cookie", cookie.encode()))
        return socket

    return wall


def unpacked(message: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack_from("<I", message)
    return json.loads(message[4 : 4 + length]), message[4 + length :]


async def test_a_login_opens_it_and_pictures_come(engine, wall, start):
    session = await start()
    socket = wall()
    assert await socket.open()
    await socket.hear("hello")
    await socket.say(type="watch", ids=[session.id])
    about, picture = unpacked(await socket.frame())
    assert about == {"id": session.id, "seq": 1}
    assert picture == engine.live[session.id].picture
    await socket.say(type="ack", seq=1)


async def test_without_a_login_it_is_closed(engine, connect, wall, browser):
    socket = connect("/ws/wall")
    assert await socket.open()
    assert await socket.closed() == 4401
    await browser.alogout()
    socket = wall()
    assert await socket.open()
    assert await socket.closed() == 4401


@pytest.mark.parametrize("origin", [None, b"http://evil.test", b"null"])
async def test_a_cookie_alone_opens_nothing(engine, wall, origin):
    assert not await wall(origin=origin).open()


async def test_nothing_comes_for_what_is_not_on_the_screen(engine, wall, start, stranger):
    session = await start()
    foreign = await sessions.create(stranger, NewSession())
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    await socket.say(type="watch", ids=[foreign.id, "ses_never"])
    assert await socket.silent()
    assert engine.live[session.id].pictures == engine.live[foreign.id].pictures == 0


async def test_word_comes_when_something_changes_and_only_then(engine, wall, operator, start):
    session = await start()
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    assert await socket.silent()
    engine.live[session.id].dialog = "May we?"
    await socket.hear("changed")
    await sessions.release(operator, session.id)
    await socket.hear("changed")


async def test_what_is_no_message_is_refused_and_changes_nothing(engine, wall, start):
    session = await start()
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    for message in (
        "nonsense",
        b"\xff",
        "[]",
        '{"type": "watch", "ids": [1]}',
        '{"type": "ack", "seq": "1"}',
    ):
        await socket.say(message)
        assert (await socket.hear("error"))["code"] == "invalid_message"
    assert engine.live[session.id].pictures == 0


async def test_too_much_closes_it(engine, wall, monkeypatch):
    socket = wall()
    await socket.open()
    await socket.say("x" * (wall_module.MAX_MESSAGE + 1))
    assert await socket.closed() == 1009
    monkeypatch.setattr(wall_module, "BURST", 2)
    socket = wall()
    await socket.open()
    for _ in range(4):
        await socket.say(type="ack", seq=0)
    assert await socket.closed() == 4429


async def test_who_confirms_nothing_is_closed(engine, wall, start, monkeypatch):
    monkeypatch.setattr(wall_module, "NO_ACK_LIMIT", 0.05)
    session = await start()
    socket = wall()
    await socket.open()
    await socket.say(type="watch", ids=[session.id])
    assert await socket.closed() == 4408


async def test_it_ends_with_the_login(engine, wall, browser):
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    await browser.alogout()
    assert await socket.closed() == 4401


async def test_it_ends_with_the_membership(engine, wall):
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    await Membership.objects.all().adelete()
    assert await socket.closed() == 4401


async def test_another_role_or_project_begins_anew(engine, wall):
    socket = wall()
    await socket.open()
    await socket.hear("hello")
    await Membership.objects.all().aupdate(role=Role.VIEWER)
    assert await socket.closed() == 1012
