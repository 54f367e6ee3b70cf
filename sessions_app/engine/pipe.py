"""NUL-delimited messages over a pair of file descriptors, as `--remote-debugging-pipe` speaks them."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
from collections import deque
from typing import TYPE_CHECKING

from sessions_app.engine.cdp import CHATTER

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

READ_SIZE = 1 << 20
# A frame of 200 KB then passes the kernel in one piece instead of four.
PIPE_SIZE = 1 << 20
NUL = b"\0"
# Longer than this, what a page says (a line in its console, a message on its socket) is let go as it comes: it would be
# held in memory here, half a gigabyte if the page likes.
LONGEST_CHATTER = 8 << 20


class Splitter:
    """Cuts a stream of bytes into messages; pure."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> list[bytes]:
        if NUL not in data:
            self._hold(data)
            return []
        *messages, rest = data.split(NUL)
        if self._parts:
            self._parts.append(messages[0])
            messages[0] = b"".join(self._parts)
            if self._is_too_long():
                del messages[0]
        self._parts, self._held = [], 0
        if rest:
            self._hold(rest)
        return messages

    def _hold(self, data: bytes) -> None:
        self._held += len(data)
        self._parts.append(data)
        if self._is_too_long():
            del self._parts[1:]

    def _is_too_long(self) -> bool:
        return self._held > LONGEST_CHATTER and self._parts[0].startswith(CHATTER)


class MessagePipe:
    """Owns both descriptors from construction until `close`; `on_close` is called once, at end of file or error."""

    def __init__(
        self,
        read_fd: int,
        write_fd: int,
        *,
        on_message: Callable[[bytes], None],
        on_close: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._on_message = on_message
        self._on_close = on_close
        self._splitter = Splitter()
        self._outgoing: deque[memoryview] = deque()
        self.closed = False
        for fd in (read_fd, write_fd):
            os.set_blocking(fd, False)
            with contextlib.suppress(OSError):  # an unprivileged user's pipes may be capped lower
                fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        self._loop.add_reader(read_fd, self._readable)

    def send(self, message: bytes) -> None:
        """Write now what the kernel takes and the rest as it drains; nothing after `close`."""
        if self.closed:
            return
        view = memoryview(message + NUL)
        if self._outgoing:
            self._outgoing.append(view)
            return
        rest = self._write(view)
        if rest:
            self._outgoing.append(rest)
            self._loop.add_writer(self._write_fd, self._writable)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self._outgoing.clear()
        self._loop.remove_reader(self._read_fd)
        self._loop.remove_writer(self._write_fd)
        os.close(self._read_fd)
        os.close(self._write_fd)
        self._on_close()

    def _readable(self) -> None:
        try:
            data = os.read(self._read_fd, READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        for message in self._splitter.feed(data):
            try:
                self._on_message(message)
            except Exception:
                # It must not cost the messages behind it, for which others wait.
                logger.exception("A message of Chromium could not be handled: %.200r", message)

    def _write(self, view: memoryview) -> memoryview:
        try:
            return view[os.write(self._write_fd, view) :]
        except BlockingIOError:
            return view
        except OSError:
            self._loop.call_soon(self.close)
            return memoryview(b"")

    def _writable(self) -> None:
        while self._outgoing:
            rest = self._write(self._outgoing[0])
            if rest:
                self._outgoing[0] = rest
                return
            self._outgoing.popleft()
        if not self.closed:
            self._loop.remove_writer(self._write_fd)
