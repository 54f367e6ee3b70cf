"""The CDP socket: whose token opens it, and that commands and news go through."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sessions_app.consumers.backlog import Backlog
from sessions_app.engine.events import ReleaseAsked
from sessions_app.models import Session
from sessions_app.models.session import OnClientClose
from sessions_app.services import links, sessions
from sessions_app.services.actors import Actor
from tests.consumers.conftest import Socket, Stage, path_of
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Socket]


def path(session: Stage, slash: str = "") -> str:
    return path_of(session.facts.cdp_url or "").replace("?", f"{slash}?")


@pytest.fixture
async def socket(session: Stage, connect: Connect) -> Socket:
    socket = connect(path(session), origin=None)
    assert await socket.open()
    return socket


async def told(socket: Socket) -> dict[str, Any]:
    message = await socket.next()
    found: dict[str, Any] = json.loads(message["text"])
    return found


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("origin", [None, b"http://testserver"])
async def test_the_sessions_token_opens_it(
    session: Stage, connect: Connect, origin: bytes | None, slash: str
) -> None:
    assert await connect(path(session, slash), origin=origin).open()
    assert repr(session.browser.mux) == "<Mux clients=1>"


@pytest.mark.parametrize("origin", [b"null", b"http://evil.example", b"http://testserver:81", b""])
async def test_a_foreign_page_does_not(session: Stage, connect: Connect, origin: bytes) -> None:
    assert not await connect(path(session), origin=origin).open()
    assert repr(session.browser.mux) == "<Mux clients=0>"


async def test_a_foreign_host_does_not(session: Stage, connect: Connect) -> None:
    assert not await connect(path(session), origin=None, host=b"evil.example").open()


async def test_no_other_token_does(stage: Callable[[], Awaitable[Stage]], connect: Connect) -> None:
    session, other = await stage(), await stage()
    token = path(session).partition("token=")[2]
    live_token = (session.facts.resource_url or "").partition("#")[2]
    for wrong in ("", "x", token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), live_token, "%00%ff"):
        socket = connect(f"/cdp/{session.id}?token={wrong}", origin=None)
        assert await socket.open()
        assert await socket.closed() == 4401
    socket = connect(f"/cdp/{other.id}?token={token}", origin=None)
    assert await socket.open()
    assert await socket.closed() == 4401
    assert repr(session.browser.mux) == repr(other.browser.mux) == "<Mux clients=0>"


async def test_an_unknown_session(connect: Connect, session: Stage) -> None:
    socket = connect(path(session).replace(session.id, "ses_unknown"), origin=None)
    assert await socket.open()
    assert await socket.closed() == 4404


async def test_an_ended_session(connect: Connect, session: Stage, operator: Actor) -> None:
    await sessions.release(operator, session.id)
    socket = connect(path(session), origin=None)
    assert await socket.open()
    assert await socket.closed() == 4410


async def test_a_revoked_token(connect: Connect, session: Stage, operator: Actor) -> None:
    await links.revoke_all(operator, session.id)
    socket = connect(path(session), origin=None)
    assert await socket.open()
    assert await socket.closed() == 4401


@pytest.mark.parametrize("binary", [False, True])
async def test_commands_and_replies(session: Stage, socket: Socket, *, binary: bool) -> None:
    command = json.dumps({"id": 5, "method": "Browser.getVersion"})
    await socket.say(command.encode() if binary else command)
    pipe = session.browser.pipe
    await until(lambda: pipe.commands("Browser.getVersion"))
    pipe.answer(pipe.last("Browser.getVersion"), {"product": "Chromium"})
    assert await told(socket) == {"id": 5, "result": {"product": "Chromium"}}
    pipe.event("Target.targetCreated", {"targetInfo": {}}, "R1")
    assert (await told(socket))["method"] == "Target.targetCreated"


async def test_a_refused_command_is_answered_and_the_socket_stays(session: Stage, socket: Socket) -> None:
    for params in ({"url": "file:///etc/passwd"}, {"url": 7}):
        await socket.say(json.dumps({"id": 1, "method": "Page.navigate", "params": params}))
        assert "is refused" in (await told(socket))["error"]["message"]
    await socket.say(json.dumps({"id": 2, "method": "DOM.setFileInputFiles", "params": {"files": ["\0"]}}))
    assert "own folder" in (await told(socket))["error"]["message"]
    await socket.say("{")
    assert "not JSON" in (await told(socket))["error"]["message"]
    assert session.browser.pipe.commands("Page.navigate") == []


async def test_commands_are_activity(session: Stage, socket: Socket) -> None:
    before = session.live.last_activity_at
    await socket.say(json.dumps({"id": 5, "method": "Browser.getVersion"}))
    await until(lambda: session.live.last_activity_at > before)


async def test_browser_close_closes_the_socket_and_not_the_session(session: Stage, socket: Socket) -> None:
    await socket.say(json.dumps({"id": 5, "method": "Browser.close"}))
    assert await told(socket) == {"id": 5, "result": {}}
    assert await socket.closed() == 1000
    assert not session.live.is_closing
    assert session.told == []


async def test_browser_close_releases_a_session_that_is_set_so(session: Stage, connect: Connect) -> None:
    await Session.objects.filter(pk=session.id).aupdate(on_client_close=OnClientClose.RELEASE)
    socket = connect(path(session), origin=None)
    assert await socket.open()
    await socket.say(json.dumps({"id": 5, "method": "Browser.close"}))
    assert await told(socket) == {"id": 5, "result": {}}
    assert await socket.closed() == 1000
    assert session.told == [ReleaseAsked(session_id=session.id)]


async def test_going_without_a_word_releases_nothing(session: Stage, connect: Connect) -> None:
    await Session.objects.filter(pk=session.id).aupdate(on_client_close=OnClientClose.RELEASE)
    socket = connect(path(session), origin=None)
    assert await socket.open()
    await socket.leave()
    assert session.told == []


MEGABYTE = "x" * (1 << 20)


def says(session: Stage, count: int, what: str = MEGABYTE) -> None:
    for number in range(count):
        session.browser.pipe.event("Target.targetInfoChanged", {"number": number, "what": what}, "R1")


async def test_a_client_that_reads_nothing_is_cut_off(session: Stage, connect: Connect) -> None:
    backlog = Backlog()
    socket = connect(path(session), origin=None).under(backlog)
    assert await socket.open()
    backlog.fill()
    says(session, 64)
    assert await socket.silent()
    says(session, 2)
    # Nothing of what waited is sent any more.
    assert await socket.next() == {"type": "websocket.close", "code": 4429}
    says(session, 1)
    assert await socket.silent()


async def test_a_client_that_reads_late_misses_nothing(session: Stage, connect: Connect) -> None:
    backlog = Backlog()
    socket = connect(path(session), origin=None).under(backlog)
    assert await socket.open()
    # More in all than may wait at once.
    for _ in range(2):
        backlog.fill()
        says(session, 50)
        assert await socket.silent()
        backlog.make_room()
        numbers = [(await told(socket))["params"]["number"] for _ in range(50)]
        assert numbers == list(range(50))


async def test_one_large_message_is_not_too_much(session: Stage, connect: Connect) -> None:
    backlog = Backlog()
    socket = connect(path(session), origin=None).under(backlog)
    assert await socket.open()
    backlog.fill()
    says(session, 1, MEGABYTE * 70)
    assert await socket.silent()
    backlog.make_room()
    assert len((await told(socket))["params"]["what"]) == 70 << 20


async def test_a_client_that_floods_a_browser_which_does_not_answer_is_cut_off(
    session: Stage, socket: Socket
) -> None:
    command = json.dumps({"id": 1, "method": "IO.read", "params": {"handle": MEGABYTE}})
    for _ in range(64):
        await socket.say(command)
    assert await socket.closed() == 4429
    assert session.live.cdp_clients == ()
    assert not session.live.is_closing


async def test_a_client_whose_commands_are_answered_may_send_as_many_as_it_likes(
    session: Stage, socket: Socket
) -> None:
    pipe = session.browser.pipe
    command = json.dumps({"id": 1, "method": "IO.read", "params": {"handle": MEGABYTE}})
    for number in range(1, 80):
        await socket.say(command)
        await until(lambda sent=number: len(pipe.commands("IO.read")) == sent)  # type: ignore[misc]
        pipe.answer(pipe.last("IO.read"))
        assert (await told(socket))["id"] == 1


async def test_the_sessions_end_closes_the_socket(session: Stage, socket: Socket, operator: Actor) -> None:
    await sessions.release(operator, session.id)
    assert await socket.closed() == 1000


async def test_a_client_that_goes_is_detached(session: Stage, socket: Socket) -> None:
    await socket.leave()
    assert repr(session.browser.mux) == "<Mux clients=0>"
    assert session.browser.pipe.last("Target.detachFromTarget")["params"] == {"sessionId": "R1"}


async def test_a_browser_that_ends_while_one_attaches(session: Stage, connect: Connect) -> None:
    session.browser.pipe.replies.clear()
    socket = connect(path(session), origin=None)
    await socket._line.send_input({"type": "websocket.connect"})
    await until(lambda: session.browser.pipe.commands("Target.attachToBrowserTarget"))
    session.browser.connection.close()
    assert (await socket.next())["type"] == "websocket.accept"
    assert await socket.closed() == 4410
