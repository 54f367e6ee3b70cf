"""The live socket: who gets in, what goes through it, and what closes it."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable

import pytest

from sessions_app.consumers import viewer as viewer_module
from sessions_app.consumers.viewer import Allowance
from sessions_app.engine.wire import HEADER
from sessions_app.services import links, sessions, viewing
from sessions_app.services.actors import Actor
from tests.consumers.conftest import Socket, Stage, path_of
from tests.engine.conftest import frame
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Socket]
Ticket = Callable[..., Awaitable[str]]
CLICK = {"type": "mouse", "action": "down", "x": 1, "y": 2, "button": "left", "buttons": 1, "seq": 1}


@pytest.fixture
async def socket(session: Stage, connect: Connect, ticket: Ticket) -> Socket:
    """A controller's, greeted."""
    socket = connect(await ticket(session))
    assert await socket.open()
    await socket.hear("stats")
    return socket


class TestGettingIn:
    async def test_a_ticket_opens_it(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        session.live.audience.hub.publish(frame(b"the last picture"))
        socket = connect(await ticket(session, "view", of_page=True))
        assert await socket.open()
        hello = await socket.hear("hello")
        assert (hello["role"], hello["session"]["id"]) == ("view", session.id)
        for kind in ("state", "tabs", "control"):
            await socket.hear(kind)
        assert (await socket.frame())[HEADER.size :] == b"the last picture"
        assert session.live.viewer_count == 1

    async def test_a_ticket_opens_it_once(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        path = await ticket(session)
        assert await connect(path).open()
        again = connect(path)
        assert await again.open()
        assert await again.closed() == 4401
        assert session.live.viewer_count == 1

    @pytest.mark.parametrize("wrong", ["", "?ticket=", "?ticket=made-up", "?ticket=%00%ff", "?other=1"])
    async def test_nothing_else_does(self, session: Stage, connect: Connect, wrong: str) -> None:
        socket = connect(f"/ws/live/{session.id}{wrong}")
        assert await socket.open()
        assert await socket.closed() == 4401

    async def test_an_expired_one_does_not(
        self, session: Stage, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewing, "LIFETIME", 0)
        socket = connect(await ticket(session))
        assert await socket.open()
        assert await socket.closed() == 4401

    async def test_one_for_another_session_does_not(
        self, stage: Callable[[], Awaitable[Stage]], connect: Connect, ticket: Ticket
    ) -> None:
        mine, other = await stage(), await stage()
        socket = connect((await ticket(mine)).replace(mine.id, other.id))
        assert await socket.open()
        assert await socket.closed() == 4401
        assert (mine.live.viewer_count, other.live.viewer_count) == (0, 0)

    async def test_an_unknown_session(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        socket = connect((await ticket(session)).replace(session.id, "ses_unknown"))
        assert await socket.open()
        assert await socket.closed() == 4404

    async def test_an_ended_session(
        self, session: Stage, connect: Connect, ticket: Ticket, operator: Actor
    ) -> None:
        path = await ticket(session)
        await sessions.release(operator, session.id)
        socket = connect(path)
        assert await socket.open()
        assert await socket.closed() == 4410

    async def test_there_is_room_for_so_many(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        for _ in range(3):
            assert await connect(await ticket(session)).open()
        one_more = connect(await ticket(session))
        assert await one_more.open()
        assert await one_more.closed() == 4429
        assert session.live.viewer_count == 3

    async def test_a_link_admits_so_many(self, session: Stage, connect: Connect, operator: Actor) -> None:
        made = await links.create(operator, session.id, role="view", max_viewers=1)
        token = (made.url or "").partition("#")[2]
        for code in (None, 4429):
            path = path_of((await links.exchange(made.link.id, token)).url)
            socket = connect(path)
            assert await socket.open()
            if code:
                assert await socket.closed() == code
        assert session.live.viewer_count == 1


class TestOrigin:
    @pytest.mark.parametrize(
        "origin",
        [
            b"null", b"http://evil.example", b"https://testserver.evil.example", b"http://testserver:81", b"",
            b"file://", b"http://testserver@evil.example", b"http://[::1", b"testserver", b"ftp://testserver",
            b"chrome-extension://testserver", b"http://testserver/", b"\xff\xfe",
        ],
    )  # fmt: skip
    async def test_a_foreign_page_is_refused_before_it_is_accepted(
        self, session: Stage, connect: Connect, ticket: Ticket, origin: bytes
    ) -> None:
        path = await ticket(session)
        assert not await connect(path, origin=origin).open()
        # Nor has it used the ticket up.
        assert await connect(path).open()

    @pytest.mark.parametrize("origin", [b"http://testserver", b"https://testserver"])
    async def test_our_own_pages_come_in(
        self, session: Stage, connect: Connect, ticket: Ticket, origin: bytes
    ) -> None:
        assert await connect(await ticket(session, of_page=True), origin=origin).open()

    async def test_a_trusted_origin_comes_in(
        self, session: Stage, connect: Connect, ticket: Ticket, settings: object
    ) -> None:
        settings.CSRF_TRUSTED_ORIGINS = ["https://deck.example"]  # type: ignore[attr-defined]
        assert await connect(await ticket(session), origin=b"https://deck.example").open()
        assert not await connect(await ticket(session), origin=b"http://deck.example").open()

    async def test_a_program_has_none(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        socket = connect(await ticket(session), origin=None)
        assert await socket.open()
        assert await socket.hear("hello")

    async def test_a_pages_ticket_is_not_for_programs(
        self, session: Stage, connect: Connect, ticket: Ticket
    ) -> None:
        socket = connect(await ticket(session, of_page=True), origin=None)
        assert await socket.open()
        assert await socket.closed() == 4401

    @pytest.mark.parametrize(
        "host", [b"evil.example", b"evil.example:80", b"testserver.evil.example", b"", b"["]
    )
    async def test_a_foreign_host_is_refused(
        self, session: Stage, connect: Connect, ticket: Ticket, host: bytes
    ) -> None:
        path = await ticket(session)
        for origin in (None, b"http://" + host):
            assert not await connect(path, origin=origin, host=host).open()

    @pytest.mark.parametrize("path", ["/", "/ws/", "/ws/live/", "/nowhere", "/ws/live/a/b", "/admin"])
    async def test_no_other_address_is_a_socket(self, connect: Connect, path: str) -> None:
        assert not await connect(path).open()


class TestLooking:
    async def test_frames_go_out_as_long_as_they_are_acknowledged(
        self, session: Stage, socket: Socket
    ) -> None:
        live = session.live
        for name in (b"1", b"2", b"3", b"4"):
            live.audience.hub.publish(frame(name))
        pictures = [await socket.frame()]
        await socket.say(type="ack", seq=1)
        live.audience.hub.publish(frame(b"5"))
        pictures.append(await socket.frame())
        live.audience.hub.publish(frame(b"6"))
        await socket.say(type="ack", seq=2)
        pictures.append(await socket.frame())
        assert [picture[HEADER.size :] for picture in pictures] == [b"4", b"5", b"6"]
        assert [HEADER.unpack_from(picture)[3] for picture in pictures] == [1, 2, 3]

    async def test_without_acks_they_stop(self, session: Stage, socket: Socket) -> None:
        for name in (b"1", b"2"):
            session.live.audience.hub.publish(frame(name))
            await socket.frame()
        session.live.audience.hub.publish(frame(b"3"))
        assert await socket.silent()
        await socket.say(type="ack", seq=2)
        assert (await socket.frame())[HEADER.size :] == b"3"

    async def test_a_slower_rate_that_a_viewer_asks_for(self, session: Stage, socket: Socket) -> None:
        await socket.say(type="settings", max_fps=20)
        await until(lambda: next(iter(session.live.audience.hub.viewers.values())).max_fps == 20)
        session.live.audience.hub.publish(frame(b"1"))
        await socket.frame()
        for name in (b"2", b"3", b"4"):
            session.live.audience.hub.publish(frame(name))
        assert (await socket.frame())[HEADER.size :] == b"4"

    async def test_what_the_session_says_goes_out(self, session: Stage, socket: Socket) -> None:
        session.live.active.title = "news"
        session.live.audience.state_changed()
        assert (await socket.hear("state"))["title"] == "news"

    async def test_no_ack_for_long_closes_it(
        self, session: Stage, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewer_module, "NO_ACK_LIMIT", 0.05)
        socket = connect(await ticket(session))
        assert await socket.open()
        session.live.audience.hub.publish(frame(b"1"))
        assert await socket.closed() == 4408

    async def test_an_ack_in_time_keeps_it_open(
        self, session: Stage, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewer_module, "NO_ACK_LIMIT", 0.04)
        socket = connect(await ticket(session))
        assert await socket.open()
        for seq in range(1, 6):
            session.live.audience.hub.publish(frame(b"1"))
            await socket.frame()
            await socket.say(type="ack", seq=seq)
            assert await socket.silent()

    async def test_patience_counts_from_the_oldest_frame_that_is_out(
        self, session: Stage, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewer_module, "NO_ACK_LIMIT", 0.1)
        socket = connect(await ticket(session))
        assert await socket.open()
        await socket.hear("stats")
        session.live.audience.hub.publish(frame(b"1"))
        await socket.frame()
        assert await socket.silent()
        await socket.say(type="ack", seq=1)
        session.live.audience.hub.publish(frame(b"2"))
        await socket.frame()
        sent_at = time.monotonic()
        assert await socket.closed() == 4408
        assert time.monotonic() - sent_at > 0.09

    async def test_the_end_is_told_and_closes_it(
        self, session: Stage, socket: Socket, operator: Actor
    ) -> None:
        await sessions.release(operator, session.id)
        assert (await socket.hear("ended"))["status"] == "released"
        assert await socket.closed() == 4410

    async def test_a_viewer_that_goes_is_gone(self, session: Stage, connect: Connect, ticket: Ticket) -> None:
        one, two = connect(await ticket(session)), connect(await ticket(session, "view"))
        assert await one.open()
        assert await two.open()
        await one.say(**CLICK)
        await until(lambda: session.live.controller)
        await one.leave()
        assert session.live.viewer_count == 1
        assert session.live.controller is None
        released = session.browser.pipe.last("Input.dispatchMouseEvent")["params"]
        assert released["type"] == "mouseReleased"

    async def test_a_revoked_link_closes_its_sockets_only(
        self, session: Stage, socket: Socket, connect: Connect, operator: Actor
    ) -> None:
        made = await links.create(operator, session.id, role="view")
        exchanged = await links.exchange(made.link.id, (made.url or "").partition("#")[2])
        guest = connect(path_of(exchanged.url))
        assert await guest.open()
        await guest.hear("hello")
        await links.revoke(operator, session.id, made.link.id)
        assert await guest.closed() == 4403
        await socket.say(**CLICK)
        assert (await socket.hear("control"))["holder"]["you"]


class TestSteering:
    async def test_input_reaches_the_browser(self, session: Stage, socket: Socket) -> None:
        await socket.say(**CLICK)
        assert (await socket.hear("control"))["holder"]["you"]
        assert session.browser.pipe.last("Input.dispatchMouseEvent")["params"]["type"] == "mousePressed"

    async def test_messages_may_be_binary(self, session: Stage, socket: Socket) -> None:
        await socket.say(json.dumps(CLICK).encode())
        assert (await socket.hear("control"))["holder"]["you"]

    async def test_a_viewer_that_only_looks_is_warned_twice(
        self, session: Stage, connect: Connect, ticket: Ticket
    ) -> None:
        socket = connect(await ticket(session, "view"))
        assert await socket.open()
        for _ in range(3):
            await socket.say(**CLICK)
            error = await socket.hear("error")
            assert (error["code"], error["seq"]) == ("forbidden", 1)
        assert await socket.closed() == 4403
        assert session.browser.pipe.commands("Input.dispatchMouseEvent") == []

    @pytest.mark.parametrize("message", ["{", "", "[]", '{"type": "teleport"}', b"\xff\xfe", "[" * 50_000])
    async def test_what_is_no_message_is_answered(
        self, session: Stage, socket: Socket, message: str | bytes
    ) -> None:
        await socket.say(message)
        assert (await socket.hear("error"))["code"] == "invalid_message"
        await socket.say(**CLICK)
        assert (await socket.hear("control"))["holder"]["you"]

    async def test_what_is_too_big_closes_it(self, session: Stage, socket: Socket) -> None:
        await socket.say(json.dumps({"type": "text", "text": "a" * (1 << 20)}))
        assert await socket.closed() == 1009
        await socket.say(**CLICK)
        assert session.browser.pipe.commands("Input.dispatchMouseEvent") == []

    async def test_a_flood_closes_it_and_disturbs_nobody(
        self, session: Stage, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(viewer_module, "BURST", 50)
        monkeypatch.setattr(viewer_module, "MESSAGES_PER_SECOND", 1)
        flooding, calm = connect(await ticket(session)), connect(await ticket(session))
        for socket in (flooding, calm):
            assert await socket.open()
            await socket.hear("stats")
        for _ in range(60):
            await flooding.say(type="ack", seq=1)
        assert await flooding.closed() == 4429
        await calm.say(**CLICK)
        assert (await calm.hear("control"))["holder"]


class TestAllowance:
    def test_a_burst_and_then_the_rate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        allowance = Allowance(10, 20)
        assert [allowance.spend() for _ in range(21)] == [True] * 20 + [False]
        now += 0.5
        assert [allowance.spend() for _ in range(6)] == [True] * 5 + [False]
        now += 3600
        assert [allowance.spend() for _ in range(21)] == [True] * 20 + [False]
