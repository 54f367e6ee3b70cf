"""What a tab is given before its first document: a place, headers, scripts; its frames and workers have them too."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessions_app.engine.config import Look
from sessions_app.engine.hints import agent_override

if TYPE_CHECKING:
    from sessions_app.engine.cdp import CdpConnection, Message, Params

# Frames of other sites have processes, and so DevTools sessions, of their own.
INNER = [{"type": kind} for kind in ("iframe", "worker", "service_worker", "shared_worker")]
# Scripts of this world and those of the page see one document, and nothing of each other.
WORLD = "quarterdeck"


@cache
def cursor_script() -> str:
    return (Path(__file__).parent / "cursor.js").read_text()


class Guise:
    """Of one tab; attaches to what is inside it as long as the tab lives, if there is something to give."""

    def __init__(self, connection: CdpConnection, cdp_session_id: str) -> None:
        self._connection = connection
        self._own = cdp_session_id
        self._inner: set[str] = set()
        self._look = Look()

    def put_on(self, look: Look) -> None:
        """Also on the pages that are there already; headers from their next request on."""
        self._look = look
        if look == Look():
            return
        place = look.geolocation
        if place:
            params = {
                "latitude": place.latitude,
                "longitude": place.longitude,
                "accuracy": place.accuracy,
            }
            self._connection.post("Emulation.setGeolocationOverride", params, self._own)
        self._dress(self._own, is_page=True)

    def receive(self, message: Message) -> None:
        """Target.attachedToTarget and detachedFromTarget, of the tab or from inside it."""
        params = message["params"]
        match message["method"]:
            case "Target.attachedToTarget":
                self._attached(params)
            case "Target.detachedFromTarget":
                self._forget(params["sessionId"])

    def close(self) -> None:
        for session in tuple(self._inner):
            self._forget(session)

    def _attached(self, params: Params) -> None:
        session = params["sessionId"]
        self._inner.add(session)
        self._connection.listen(session, self.receive, wants=_nothing)
        if self._look.headers:
            nothing_kept = {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0, "maxPostDataSize": 1}
            self._connection.post("Network.enable", nothing_kept, session)
        is_page = params["targetInfo"]["type"] == "iframe"
        if is_page:
            self._connection.post("Page.enable", None, session)
        self._dress(session, is_page=is_page)
        self._connection.post("Runtime.runIfWaitingForDebugger", None, session)

    def _dress(self, session: str, *, is_page: bool) -> None:
        inner = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True, "filter": INNER}
        self._connection.post("Target.setAutoAttach", inner, session)
        if self._look.phone:
            override = agent_override(self._look.phone)
            self._connection.post("Emulation.setUserAgentOverride", override, session)
        if self._look.headers:
            headers = {"headers": dict(self._look.headers)}
            self._connection.post("Network.setExtraHTTPHeaders", headers, session)
        if not is_page:
            return
        if self._look.show_cursor:
            self._add_script(session, cursor_script(), worldName=WORLD)
        for source in self._look.init_scripts:
            self._add_script(session, source)

    def _add_script(self, session: str, source: str, **more: Any) -> None:
        params = {"source": source, "runImmediately": True, **more}
        self._connection.post("Page.addScriptToEvaluateOnNewDocument", params, session)

    def _forget(self, session: str) -> None:
        self._inner.discard(session)
        self._connection.forget(session)


def _nothing(_data: bytes) -> bool:
    return False
