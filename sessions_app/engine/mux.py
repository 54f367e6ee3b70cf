"""Many DevTools clients on one browser's pipe, each in a browser session of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine.address import scheme_of
from sessions_app.engine.cdp import encode
from sessions_app.engine.policy import REFUSED_CODE, Answered, ClosesClient, Refused, judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sessions_app.engine.cdp import CdpConnection, Message

INVALID_REQUEST = -32600
NO_SUCH_SESSION = -32001
TARGETS = frozenset(
    [
        "auction_worklet",
        "browser",
        "iframe",
        "page",
        "service_worker",
        "shared_storage_worklet",
        "shared_worker",
        "tab",
        "worker",
        "worklet",
    ]
)
# The browser's own windows: scripts in them reach further than a page's.
INSIDE = frozenset({"chrome", "chrome-search", "chrome-untrusted", "devtools"})


class Mux:
    """Attaches clients to a browser and keeps them apart; owns them until `close`."""

    def __init__(self, connection: CdpConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.clients: set[CdpClient] = set()
        self.on_leaving: Callable[[], None] = lambda: None

    def __repr__(self) -> str:
        return f"<Mux clients={len(self.clients)}>"

    async def attach(
        self,
        *,
        send: Callable[[bytes], None],
        on_close: Callable[[], None],
        on_command: Callable[[], None],
        on_browser_close: Callable[[], None] = lambda: None,
        key_id: str | None = None,
        is_ours: bool = False,
        hidden: frozenset[str] = frozenset(),
    ) -> CdpClient:
        """A new client: what it says goes in by `receive`, what it hears comes by `send`.

        `on_command` is called for every command, `on_close` once when the browser goes away or the client asked to
        close, `on_browser_close` after it when it was by `Browser.close`. `key_id` names the right that it came by;
        `is_ours` says that it serves calls that were judged before. Raises BrowserClosed.
        """
        result = await self._connection.call("Target.attachToBrowserTarget")
        client = CdpClient(self, self._connection, self._folder, result["sessionId"], send, on_close)
        client.on_command = on_command
        client.on_browser_close = on_browser_close
        client.key_id = key_id
        client.is_ours = is_ours
        client.hidden = hidden
        self.clients.add(client)
        return client

    def close(self, *, key_id: str | None = None) -> None:
        """Every client, or those that came by one key."""
        for client in tuple(self.clients):
            if key_id is None or client.key_id == key_id:
                client.close()

    @property
    def outside_clients(self) -> tuple[CdpClient, ...]:
        return tuple(client for client in self.clients if not client.is_ours)


class CdpClient:
    """One outside client: sees its own sessions, ids and events only."""

    def __init__(
        self,
        mux: Mux,
        connection: CdpConnection,
        folder: Path,
        root: str,
        send: Callable[[bytes], None],
        on_close: Callable[[], None],
    ) -> None:
        self._mux = mux
        self._connection = connection
        self._folder = folder
        self._root = root
        self._send = send
        self._on_close = on_close
        self._sessions: set[str] = set()
        self._closed = False
        self.on_command: Callable[[], None] = lambda: None
        self.on_browser_close: Callable[[], None] = lambda: None
        # The size of its commands that Chromium has not answered yet.
        self.unanswered_bytes = 0
        self.key_id: str | None = None
        self.is_ours = False
        # Targets that it is told nothing of.
        self.hidden: frozenset[str] = frozenset()
        self._own(root)

    def __repr__(self) -> str:
        return f"<CdpClient sessions={len(self._sessions)}>"

    def receive(self, data: bytes | str) -> None:
        """Take one message of the client; a bad or refused one is answered with a CDP error."""
        if self._closed:
            return
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            self._refuse({}, INVALID_REQUEST, f"Message is not JSON: {error}")
            return
        if not _is_command(message):
            self._refuse(
                message, INVALID_REQUEST, "Message must be an object with an integer id and a string method."
            )
            return
        self.on_command()
        self._command(message, len(data))

    def close(self) -> None:
        """Detach from the browser; idempotent."""
        if self._closed:
            return
        self._closed = True
        self._mux.clients.discard(self)
        for session in self._sessions:
            self._connection.forget(session)
        self._connection.post("Target.detachFromTarget", {"sessionId": self._root})
        self._mux.on_leaving()
        self._on_close()

    def _command(self, message: Message, size: int) -> None:
        asked_session = message.get("sessionId")
        if asked_session is not None and (asked_session == self._root or asked_session not in self._sessions):
            self._refuse(message, NO_SUCH_SESSION, "Session with given id not found.")
            return
        method, params = message["method"], message.get("params") or {}
        named = params.get("sessionId")
        if method == "Target.detachFromTarget" and named is not None and named not in self._sessions:
            self._refuse(message, NO_SUCH_SESSION, "No session with given id.")
            return
        verdict = judge(method, params, self._folder)
        if isinstance(verdict, Refused):
            self._refuse(message, REFUSED_CODE, verdict.why)
        elif isinstance(verdict, Answered):
            self._answer(message)
        elif isinstance(verdict, ClosesClient):
            self._answer(message)
            self.close()
            self.on_browser_close()
        else:
            self._forward(message["id"], asked_session, method, verdict, size)

    def _forward(
        self, number: int, asked_session: str | None, method: str, params: dict[str, Any], size: int
    ) -> None:
        self.unanswered_bytes += size

        def answer(reply: Message | None) -> None:
            self.unanswered_bytes -= size
            if reply is None or self._closed:
                return
            attached = reply.get("result", {}).get("sessionId") if method == "Target.attachToTarget" else None
            if attached is not None and attached not in self._sessions:
                del reply["result"]
                reply["error"] = {"code": REFUSED_CODE, "message": "This target is no page."}
            reply["id"] = number
            if asked_session is None:
                reply.pop("sessionId", None)
            self._tell(reply)

        command = {"method": method, "params": params, "sessionId": asked_session or self._root}
        self._connection.forward(command, answer)

    def _event(self, message: Message) -> None:
        if message["method"] == "Target.attachedToTarget":
            target = message["params"]["targetInfo"]
            if target["targetId"] in self.hidden or not _may_be_seen(target):
                attached = {"sessionId": message["params"]["sessionId"]}
                self._connection.post("Target.detachFromTarget", attached, message["sessionId"])
                return
            self._own(message["params"]["sessionId"])
        elif message["method"] == "Target.detachedFromTarget":
            if message["params"]["sessionId"] not in self._sessions:
                return
            self._disown(message["params"]["sessionId"])
        elif message["method"] == "Network.requestWillBeSentExtraInfo":
            _without_credentials(message["params"]["headers"])
        if message.get("sessionId") == self._root:
            del message["sessionId"]
        self._tell(message)

    def _own(self, session: str) -> None:
        self._sessions.add(session)
        self._connection.listen(session, self._event)

    def _disown(self, session: str) -> None:
        self._sessions.discard(session)
        self._connection.forget(session)

    def _answer(self, message: Message) -> None:
        """With nothing, which is what Chromium says when it has done it."""
        answer: Message = {"id": message["id"], "result": {}}
        if message.get("sessionId"):
            answer["sessionId"] = message["sessionId"]
        self._tell(answer)

    def _refuse(self, message: object, code: int, why: str) -> None:
        fields = message if isinstance(message, dict) else {}
        answer: Message = {"id": fields.get("id"), "error": {"code": code, "message": why}}
        if isinstance(fields.get("sessionId"), str):
            answer["sessionId"] = fields["sessionId"]
        self._tell(answer)

    def _tell(self, message: Message) -> None:
        self._send(encode(message))


def _may_be_seen(target: dict[str, Any]) -> bool:
    return target["type"] in TARGETS and scheme_of(target["url"]) not in INSIDE


def _without_credentials(headers: dict[str, str]) -> None:
    """The proxy's are the session's, not those of who drives it."""
    for name in [name for name in headers if name.lower() == "proxy-authorization"]:
        del headers[name]


def _is_command(message: object) -> bool:
    return (
        isinstance(message, dict)
        and type(message.get("id")) is int
        and isinstance(message.get("method"), str)
        and isinstance(message.get("params") or {}, dict)
        and isinstance(message.get("sessionId"), str | None)
    )
