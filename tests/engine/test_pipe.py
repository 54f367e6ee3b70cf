"""NUL-delimited messages over real pipes: cut, joined, pushed back, ended."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine.pipe import MessagePipe, Splitter
from tests.waiting import turns, until

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM = b"one\0\0three\0a longer fourth\0rest"
MESSAGES = [b"one", b"", b"three", b"a longer fourth"]
BIG = bytes(range(1, 256)) * 40_000  # 10 MB, far over what a pipe takes


class TestSplitter:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, len(STREAM)])
    def test_pieces_of_any_size_give_the_same_messages(self, size: int) -> None:
        splitter = Splitter()
        messages = []
        for at in range(0, len(STREAM), size):
            messages += splitter.feed(STREAM[at : at + size])
        assert messages == MESSAGES
        assert splitter.feed(b"\0") == [b"rest"]
        assert splitter.feed(b"\0") == [b""]

    def test_nothing_gives_nothing(self) -> None:
        assert Splitter().feed(b"") == []


class Ends:
    """A MessagePipe and the other side of it, which a test reads and writes like Chromium."""

    def __init__(self) -> None:
        read_here, self.write_there = os.pipe()
        self.read_there, write_here = os.pipe()
        os.set_blocking(self.read_there, False)
        self.messages: list[bytes] = []
        self.closed = 0
        self.hear: Callable[[bytes], None] = self.messages.append
        self.pipe = MessagePipe(
            read_here, write_here, on_message=lambda message: self.hear(message), on_close=self._on_close
        )
        self.received = b""

    def _on_close(self) -> None:
        self.closed += 1

    def drain(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.read_there, 1 << 20):
                self.received += data
        return self.received

    def hang_up(self) -> None:
        os.close(self.write_there)
        self.write_there = -1

    def stop_reading(self) -> None:
        os.close(self.read_there)
        self.read_there = -1

    def close(self) -> None:
        self.pipe.close()
        for fd in (self.read_there, self.write_there):
            if fd >= 0:
                os.close(fd)


@pytest.fixture
async def ends() -> Iterator[Ends]:  # type: ignore[misc]
    ends = Ends()
    yield ends
    ends.close()


async def test_messages_arrive_whole_however_they_are_written(ends: Ends) -> None:
    for piece in (b'{"a":', b"1}\0{", b'"b":2}\0'):
        os.write(ends.write_there, piece)
        await turns()
    await until(lambda: len(ends.messages) == 2)
    assert ends.messages == [b'{"a":1}', b'{"b":2}']


async def test_a_message_goes_out_at_once(ends: Ends) -> None:
    ends.pipe.send(b"hello")
    assert ends.drain() == b"hello\0"


async def test_a_full_pipe_keeps_the_rest_and_the_order(ends: Ends) -> None:
    ends.pipe.send(BIG)
    ends.pipe.send(b"after")
    ends.pipe.send(b"and after that")
    await until(lambda: len(ends.drain()) >= len(BIG) + 22, within=10)
    assert ends.received == BIG + b"\0after\0and after that\0"
    ends.pipe.send(b"later")
    assert ends.drain().endswith(b"that\0later\0")


async def test_the_loop_turns_while_the_pipe_is_full(ends: Ends) -> None:
    ends.pipe.send(BIG)
    os.write(ends.write_there, b"news\0")
    await until(lambda: ends.messages == [b"news"])
    assert not ends.pipe.closed


async def test_end_of_file_closes_once(ends: Ends) -> None:
    os.write(ends.write_there, b"last words\0unfinished")
    ends.hang_up()
    await until(lambda: ends.closed)
    assert ends.messages == [b"last words"]
    ends.pipe.close()
    assert ends.closed == 1


async def test_a_reader_that_is_gone_closes_it(ends: Ends) -> None:
    ends.stop_reading()
    ends.pipe.send(b"hello")
    ends.pipe.send(b"hello")
    await until(lambda: ends.closed)
    assert ends.closed == 1


async def test_a_reader_that_goes_while_much_waits_closes_it(ends: Ends) -> None:
    ends.pipe.send(BIG)
    ends.pipe.send(b"more")
    ends.stop_reading()
    await until(lambda: ends.closed)


async def test_nothing_is_sent_after_the_end(ends: Ends) -> None:
    ends.pipe.close()
    ends.pipe.send(b"too late")
    assert ends.drain() == b""
    assert ends.closed == 1


async def test_a_message_that_cannot_be_handled_costs_no_other(
    ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    def hear(message: bytes) -> None:
        if message == b"bad":
            raise KeyError("params")
        ends.messages.append(message)

    ends.hear = hear
    os.write(ends.write_there, b"one\0bad\0two\0")
    await until(lambda: len(ends.messages) == 2)
    assert ends.messages == [b"one", b"two"]
    assert "could not be handled: b'bad'" in caplog.text


async def test_it_gives_its_descriptors_back() -> None:
    before = len(os.listdir("/proc/self/fd"))
    ends = Ends()
    ends.close()
    assert len(os.listdir("/proc/self/fd")) == before
