"""Commands, replies and events on one pipe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sessions_app.engine import cdp
from sessions_app.engine.cdp import decode, encode
from sessions_app.engine.errors import BrowserClosed, CdpError
from tests.engine.conftest import FakePipe
from tests.waiting import turns


async def test_replies_come_in_any_order(pipe: FakePipe) -> None:
    async with asyncio.TaskGroup() as group:
        one = group.create_task(pipe.connection.call("A.one", {"n": 1}))
        two = group.create_task(pipe.connection.call("A.two", None, "S1"))
        await turns()
        first, second = pipe.sent
        assert first == {"id": 1, "method": "A.one", "params": {"n": 1}}
        assert second == {"id": 2, "method": "A.two", "params": {}, "sessionId": "S1"}
        pipe.answer(second, {"answer": 2})
        pipe.answer(first, {"answer": 1})
    assert (one.result(), two.result()) == ({"answer": 1}, {"answer": 2})


async def test_an_error_is_raised(pipe: FakePipe) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(failed(pipe.connection.call("A.one")))
        await turns()
        pipe.answer(pipe.sent[0], error={"code": -32000, "message": "No such thing"})
    error = task.result()
    assert isinstance(error, CdpError)
    assert (str(error), error.code, error.message) == ("A.one: No such thing", -32000, "No such thing")


async def test_an_end_fails_everything_that_waits(pipe: FakePipe) -> None:
    heard: list[object] = []
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(failed(pipe.connection.call(f"A.{n}"))) for n in range(3)]
        await turns()
        pipe.connection.post("A.posted", reply=heard.append)
        assert repr(pipe.connection) == "<CdpConnection pending=4 sessions=0>"
        pipe.connection.close()
        pipe.connection.close()
    assert all(isinstance(task.result(), BrowserClosed) for task in tasks)
    assert heard == [None]
    assert repr(pipe.connection) == "<CdpConnection pending=0 sessions=0>"


async def test_after_the_end_nothing_is_sent(pipe: FakePipe) -> None:
    heard: list[object] = []
    pipe.connection.close()
    with pytest.raises(BrowserClosed, match=r"A\.one: the browser is gone"):
        await pipe.connection.call("A.one")
    pipe.connection.post("A.two", reply=heard.append)
    pipe.connection.post("A.three")
    assert heard == [None]
    assert pipe.sent == []


async def test_a_reply_that_nobody_waits_for_any_more(pipe: FakePipe) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await pipe.connection.call("A.slow")
    pipe.answer(pipe.sent[0], {"late": True})
    pipe.answer(pipe.sent[0], {"twice": True})
    pipe.connection.post("A.posted")
    pipe.answer(pipe.sent[1])
    assert repr(pipe.connection) == "<CdpConnection pending=0 sessions=0>"


async def test_events_reach_the_handler_of_their_session(pipe: FakePipe) -> None:
    heard: list[tuple[str, str]] = []

    def note(name: str) -> Callable[[dict[str, Any]], None]:
        return lambda message: heard.append((name, message["method"]))

    pipe.connection.listen(None, note("None"))
    pipe.connection.listen("S1", note("S1"))
    pipe.connection.listen("S2", note("S2"))
    pipe.event("A.happened", {}, "S1")
    pipe.event("B.happened", {})
    pipe.connection.forget("S2")
    pipe.connection.forget("S2")
    pipe.event("C.happened", {}, "S2")
    pipe.event("D.happened", {}, "S9")
    assert heard == [("S1", "A.happened"), ("None", "B.happened")]
    pipe.connection.close()
    pipe.event("E.happened", {}, "S1")
    assert len(heard) == 2


async def test_an_answer_of_any_size_is_not_read(
    pipe: FakePipe, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cdp, "LONGEST", 100)
    heard: list[object] = []
    pipe.connection.listen(None, heard.append)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(failed(pipe.connection.call("A.one")))
        await turns()
        pipe.connection.receive(b'{"id":1,"result":{"value":"' + b"x" * 100 + b'"}}')
        pipe.connection.receive(b'{"method":"A.said","params":{"text":"' + b"x" * 100 + b'"}}')
    assert str(task.result()) == "A.one: The answer has 130 bytes, more than is passed on."
    assert heard == []
    assert "A message of 140 bytes is passed over" in caplog.text


async def failed(call: Any) -> Exception:
    """What a call raises; caught here, so that the group goes on."""
    with pytest.raises((CdpError, BrowserClosed)) as raised:
        await call
    return raised.value


class TestFrames:
    FRAME = b'{"method":"Page.screencastFrame","params":{"data":"QUJD","metadata":{"timestamp":1},"sessionId":7},"sessionId":"s"}'

    def test_a_picture_is_handed_on_as_it_came(self):
        message = decode(self.FRAME)
        assert bytes(message["params"].pop("data")) == b"QUJD"
        assert message == {
            "method": "Page.screencastFrame",
            "params": {"metadata": {"timestamp": 1}, "sessionId": 7},
            "sessionId": "s",
        }

    def test_an_outside_client_gets_it_as_text(self):
        assert encode(decode(self.FRAME)) == self.FRAME

    def test_nothing_else_becomes_json_by_accident(self):
        with pytest.raises(TypeError):
            encode({"id": object()})
