"""The wall's socket: pictures of the sessions on the screen, and word that something changed (docs/wire.md)."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.consumers.closing import close_message
from sessions_app.consumers.login import actor_of
from sessions_app.consumers.origin import header
from sessions_app.consumers.viewer import Allowance
from sessions_app.engine.wire import CLOSE_NO_ACK, CLOSE_RESTARTING, CLOSE_TOO_BIG, CLOSE_TOO_MUCH
from sessions_app.services import errors, gallery, wall
from sessions_app.services.lookout import Lookout

if TYPE_CHECKING:
    from sessions_app.consumers.origin import Receive, Scope, Send
    from sessions_app.services.lookout import Picture

# In seconds.
PICTURES_EVERY = 0.25
NEWS_EVERY = 1.0
STANDING_EVERY = 4.0
NO_ACK_LIMIT = 15.0
MAX_MESSAGE = 16 * 1024
MESSAGES_PER_SECOND, BURST = 40, 200


class Closed(Exception):
    """It was closed, from here or from there."""


async def wall_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one wall from handshake to disconnect; a cookie alone, without a page of ours behind it, opens none."""
    await receive()
    if header(scope, b"origin") is None:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    try:
        lookout = Lookout(await actor_of(scope))
    except errors.ServiceError as error:
        await send(close_message(error))
        return
    line = _Line(lookout, send)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(line.listen(receive))
            group.create_task(line.send_pictures())
            group.create_task(line.send_news())
            group.create_task(line.check_standing(scope))
    except* Closed:
        pass


def packed(picture: Picture) -> bytes:
    """The length of a JSON header, that header, the JPEG."""
    about = orjson.dumps({"id": picture.session_id, "seq": picture.seq})
    return b"".join((struct.pack("<I", len(about)), about, picture.jpeg))


class _Line:
    """Each method goes on until the socket is closed, and whichever notices first ends the others by `Closed`."""

    def __init__(self, lookout: Lookout, send: Send) -> None:
        self._lookout = lookout
        self._send = send

    async def listen(self, receive: Receive) -> None:
        allowance = Allowance(MESSAGES_PER_SECOND, BURST)
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                raise Closed
            data: str | bytes = message.get("text") or message.get("bytes") or ""
            if len(data) > MAX_MESSAGE:
                await self._close(CLOSE_TOO_BIG)
            if not allowance.spend():
                await self._close(CLOSE_TOO_MUCH)
            if not await self._heed(data):
                await self._say({"type": "error", "code": "invalid_message", "message": "Not a message."})

    async def send_pictures(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for live in self._lookout.due():
                    group.create_task(gallery.take(live))
                for picture in self._lookout.news():
                    await self._send({"type": "websocket.send", "bytes": packed(picture)})
                if self._lookout.waits_for() > NO_ACK_LIMIT:
                    await self._close(CLOSE_NO_ACK)
                await asyncio.sleep(PICTURES_EVERY)

    async def send_news(self) -> None:
        before = await wall.glance(self._lookout.actor)
        await self._say({"type": "hello"})
        while True:
            await asyncio.sleep(NEWS_EVERY)
            after = await wall.glance(self._lookout.actor)
            if after != before:
                before = after
                await self._say({"type": "changed"})

    async def check_standing(self, scope: Scope) -> None:
        """The login may end, the person leave the project or look at another one."""
        while True:
            await asyncio.sleep(STANDING_EVERY)
            try:
                if await actor_of(scope) != self._lookout.actor:
                    await self._close(CLOSE_RESTARTING)
            except errors.ServiceError as error:
                await self._send(close_message(error))
                raise Closed from error

    async def _heed(self, data: str | bytes) -> bool:
        """Whether it was a message."""
        try:
            message: Any = orjson.loads(data)
        except orjson.JSONDecodeError:
            return False
        match message:
            case {"type": "watch", "ids": list(ids)} if all(
                isinstance(one, str) and "\0" not in one for one in ids
            ):
                await self._lookout.look_at(ids)
            case {"type": "ack", "seq": int(seq)}:
                self._lookout.confirm(seq)
            case _:
                return False
        return True

    async def _say(self, message: dict[str, str]) -> None:
        await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})
        raise Closed
