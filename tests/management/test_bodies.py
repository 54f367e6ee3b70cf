"""Bodies of requests and answers that nobody's memory should hold."""

from __future__ import annotations

import asyncio
import io
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.web.http_headers import Headers

from sessions_app.management import bodies
from sessions_app.management.bodies import CHUNK, EXTENSION, Valves, set_aside, with_bodies
from tests.waiting import turns

PART = {"type": "http.response.body", "body": b"x", "more_body": True}
END = {"type": "http.response.body", "body": b""}


class Protocol:
    """A client's connection: Twisted's calls, and what was asked of it."""

    def __init__(self) -> None:
        self.producer: Any = None
        self.aborted = 0
        transport = SimpleNamespace(abortConnection=self._abort)
        self.channel: Any = SimpleNamespace(transport=transport)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert self.producer is None
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def _abort(self) -> None:
        self.aborted += 1


class TestAnswers:
    async def test_the_next_part_waits_until_the_reader_has_taken_the_last(self) -> None:
        valves, client = Valves(), Protocol()
        valves.before(client, PART)
        client.producer.pauseProducing()
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(valves.after(client))
            await turns()
            assert not sending.done()
            client.producer.resumeProducing()
        valves.before(client, PART)
        await valves.after(client)
        valves.before(client, END)
        assert client.producer is None
        assert repr(valves) == "<Valves 0>"

    async def test_an_answer_in_one_part_needs_none(self) -> None:
        valves, client = Valves(), Protocol()
        for message in ({"type": "http.response.start", "status": 200}, END):
            valves.before(client, message)
            await valves.after(client)
        assert client.producer is None

    @pytest.mark.parametrize("how", ["twisted", "daphne"])
    async def test_a_reader_who_left_holds_nobody_up(self, how: str) -> None:
        valves, client = Valves(), Protocol()
        valves.before(client, PART)
        client.producer.pauseProducing()
        async with asyncio.TaskGroup() as group:
            group.create_task(valves.after(client))
            await turns()
            if how == "twisted":
                client.producer.stopProducing()
            else:
                valves.forget(client)

    async def test_one_that_takes_nothing_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "PATIENCE", 0.0)
        valves, client = Valves(), Protocol()
        valves.before(client, PART)
        client.producer.pauseProducing()
        await valves.after(client)
        assert client.aborted == 1


class TestRequests:
    async def heard(self, data: bytes) -> tuple[list[dict[str, Any]], io.BytesIO]:
        """What an application is told of a body, and the file that it lay in."""
        file = io.BytesIO(data)
        file.seek(0)
        protocol, scope = SimpleNamespace(content=file), {"type": "http"}
        set_aside(protocol, scope)
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        queue.put_nowait({"type": "http.request", "body": protocol.content.read(), "more_body": False})
        queue.put_nowait({"type": "http.disconnect"})
        told: list[dict[str, Any]] = []

        async def application(scope: Any, receive: Any, _send: Any) -> None:
            assert EXTENSION not in scope.get("extensions", {})
            while not told or told[-1]["type"] != "http.disconnect":
                told.append(await receive())

        await with_bodies(application)(scope, queue.get, None)
        return told, file

    async def test_a_large_one_comes_piece_by_piece(self) -> None:
        data = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
        told, file = await self.heard(data)
        assert b"".join(message.get("body", b"") for message in told) == data
        assert max(len(message.get("body", b"")) for message in told) == CHUNK
        assert [message.get("more_body") for message in told] == [True] * 4 + [False, None]
        assert file.closed

    async def test_a_small_one_is_left_as_it_is(self) -> None:
        told, file = await self.heard(b"x" * CHUNK)
        assert told[0] == {"type": "http.request", "body": b"x" * CHUNK, "more_body": False}
        assert not file.closed


class TestTooLarge:
    def ask(
        self, method: bytes, path: bytes, *, key: str = "qd_x"
    ) -> tuple[bodies.BoundedRequest, list[bytes]]:
        """A request of which the headers have come; and what its client hears."""
        heard: list[bytes] = []
        request = bodies.BoundedRequest.__new__(bodies.BoundedRequest)
        request.requestHeaders = Headers({"X-API-Key": [key]} if key else {})
        request.channel = SimpleNamespace(
            _command=method, _path=path, write=heard.append, loseConnection=lambda: heard.append(b"cut")
        )
        return request, heard

    @pytest.mark.parametrize(
        ("method", "path", "most"),
        [
            (b"POST", b"/api/v1/sessions", bodies.LARGEST),
            (b"GET", b"/api/v1/sessions/ses_1/files/a", bodies.LARGEST),
            (b"PUT", b"/api/v1/sessions/ses_1/labels", bodies.LARGEST),
            (b"PUT", b"/api/v1/sessions/ses_1/files/a", bodies.LARGEST_FILE),
            (b"PUT", b"/?/files/a", bodies.LARGEST),
        ],
    )
    def test_what_is_announced(self, method: bytes, path: bytes, most: int) -> None:
        request, heard = self.ask(method, path)
        request.gotLength(most)
        request.content.close()
        assert heard == []
        request.gotLength(most + 1)
        request.content.close()
        assert heard == [bodies.TOO_LARGE, b"cut"]
        request.handleContentChunk(b"more")
        assert len(heard) == 2

    def test_who_shows_no_key_fills_no_disk(self) -> None:
        request, heard = self.ask(b"PUT", b"/api/v1/sessions/ses_1/files/a", key="")
        request.gotLength(bodies.LARGEST + 1)
        request.content.close()
        assert heard == [bodies.TOO_LARGE, b"cut"]

    def test_what_was_not_announced(self) -> None:
        request, heard = self.ask(b"POST", b"/")
        request.gotLength(None)
        for _ in range(4):
            request.handleContentChunk(b"x" * (1 << 20))
        assert heard == []
        request.handleContentChunk(b"x")
        assert heard == [bodies.TOO_LARGE, b"cut"]
        assert request.content.tell() == bodies.LARGEST
        request.content.close()

    def test_the_answer_is_whole(self) -> None:
        head, _, body = bodies.TOO_LARGE.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head


class TestMistakes:
    """What an application raises: once an answer has begun, no other can take its place."""

    def ask(self, *, begun: bool) -> tuple[bodies.BoundedRequest, list[str]]:
        done: list[str] = []
        request = bodies.BoundedRequest.__new__(bodies.BoundedRequest)
        request._response_started = begun
        transport = SimpleNamespace(abortConnection=lambda: done.append("cut off"))
        request.channel = SimpleNamespace(transport=transport)
        request.basic_error = lambda status, *_: done.append(str(status))
        return request, done

    @pytest.mark.parametrize(("begun", "what"), [(False, "500"), (True, "cut off")])
    def test_the_client_learns_of_it(self, begun: bool, what: str) -> None:
        request, done = self.ask(begun=begun)
        request.handle_exception(OSError())
        assert done == [what]

    def test_one_who_left_does_not(self) -> None:
        request, done = self.ask(begun=True)
        request.channel = None
        request.handle_exception(OSError())
        assert done == []
