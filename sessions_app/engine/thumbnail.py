"""Small pictures of a tab, without a standing screencast."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from pybase64 import b64decode

from sessions_app.engine.errors import CdpError, NoPicture

if TYPE_CHECKING:
    from sessions_app.engine.cdp import CdpConnection, Message
    from sessions_app.engine.tab import Tab
    from sessions_app.engine.wire import Frame

LIMIT = 3.0
QUALITY = 70


def shrink(picture: bytes, width: int) -> bytes:
    """A JPEG as a JPEG of at most `width` pixels across."""
    # Here, because a server that is never asked for a thumbnail is 8 MB smaller without it.
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        image.draft("RGB", (width, width))
        image.thumbnail((width, width * 4))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


class Thumbnails:
    """Takes pictures over CDP sessions of its own, so that a live view of the same tab is not disturbed.

    A picture is a pulse: start a small screencast, keep its first frame, stop. That costs a third of a screenshot.
    """

    def __init__(self, connection: CdpConnection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._sessions: dict[str, str] = {}

    async def take(self, tab: Tab, last_frame: Frame | None, width: int) -> bytes:
        """Raises NoPicture, BrowserClosed."""
        if last_frame is not None and last_frame.tab == tab.id:
            return await asyncio.to_thread(shrink, last_frame.picture, width)
        if tab.is_crashed:
            raise NoPicture("The tab has crashed.")
        try:
            async with asyncio.timeout(LIMIT), self._lock:
                return await self._pulse(tab, width)
        except TimeoutError as error:
            raise NoPicture(f"The tab gave no picture within {LIMIT:.0f} seconds.") from error
        except CdpError as error:
            raise NoPicture(f"The tab gave no picture: {error}.") from error

    async def _pulse(self, tab: Tab, width: int) -> bytes:
        session = self._sessions.get(tab.target_id)
        if session is None:
            params = {"targetId": tab.target_id, "flatten": True}
            session = (await self._connection.call("Target.attachToTarget", params))["sessionId"]
            self._sessions[tab.target_id] = session
        first: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def receive(message: Message) -> None:
            if message["method"] == "Page.screencastFrame" and not first.done():
                first.set_result(b64decode(message["params"]["data"], validate=True))

        self._connection.listen(session, receive)
        params = {"format": "jpeg", "quality": QUALITY, "maxWidth": width, "maxHeight": width * 4}
        try:
            await self._connection.call("Page.startScreencast", params, session)
            return await first
        finally:
            self._connection.forget(session)
            self._connection.post("Page.stopScreencast", None, session)

    def forget(self, tab: Tab) -> None:
        self._sessions.pop(tab.target_id, None)
