"""A tab's requests, from the moment they are sent until they are finished or have failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.engine.remarks import clip, clip_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Params

# Requests that never end (a page may hold thousands of streams open) are forgotten, the oldest first.
MAX_OPEN = 1_000


@dataclass
class _Request:
    method: str
    url: str
    type: str
    sent: float | None = None
    status: int | None = None
    mime: str = ""
    cached: bool = False
    error: str = ""
    # Its name in the ledger; None of one that is not kept there.
    name: str | None = None

    def answered(self, response: dict[str, Any]) -> None:
        self.status = response["status"]
        self.mime = clip(response.get("mimeType", ""))
        self.cached = self.cached or bool(response.get("fromDiskCache"))


class Requests:
    """`done` is called once for each that has come to its end, a redirect's every step among them."""

    def __init__(self, done: Callable[[dict[str, Any]], None], newest: Callable[[], str | None]) -> None:
        """`newest` is the ledger's name of the request that is being told of."""
        self._done = done
        self._newest = newest
        self._open: dict[str, _Request] = {}

    def __repr__(self) -> str:
        return f"<Requests open={len(self._open)}>"

    def receive(self, method: str, params: Params) -> None:
        handle = self._HANDLERS.get(method)
        if handle:
            handle(self, params)

    def _on_sent(self, params: Params) -> None:
        before, request = params.get("redirectResponse"), params["request"]
        if before:
            self._answer(params["requestId"], before)
            self._finish(params, before["encodedDataLength"])
        self._begin(
            params["requestId"],
            _Request(
                clip(request["method"]), clip_url(request["url"]), params.get("type", ""), params["timestamp"]
            ),
        )

    def _on_socket(self, params: Params) -> None:
        self._begin(params["requestId"], _Request("GET", clip_url(params["url"]), "WebSocket"))

    def _on_answer(self, params: Params) -> None:
        self._answer(params["requestId"], params["response"])

    def _on_cached(self, params: Params) -> None:
        if request := self._open.get(params["requestId"]):
            request.cached = True

    def _on_finished(self, params: Params) -> None:
        self._finish(params, params["encodedDataLength"])

    def _on_failed(self, params: Params) -> None:
        self._fail(params["requestId"], params["errorText"])
        self._finish(params, None)

    def _on_socket_error(self, params: Params) -> None:
        self._fail(params["requestId"], params["errorMessage"])

    def _on_socket_closed(self, params: Params) -> None:
        self._finish(params, None)

    _HANDLERS: dict[str, Callable[[Requests, Params], None]] = {
        "Network.requestWillBeSent": _on_sent,
        "Network.requestServedFromCache": _on_cached,
        "Network.responseReceived": _on_answer,
        "Network.loadingFinished": _on_finished,
        "Network.loadingFailed": _on_failed,
        "Network.webSocketCreated": _on_socket,
        "Network.webSocketHandshakeResponseReceived": _on_answer,
        "Network.webSocketFrameError": _on_socket_error,
        "Network.webSocketClosed": _on_socket_closed,
    }

    def _begin(self, request_id: str, request: _Request) -> None:
        request.name = self._newest()
        self._open[request_id] = request
        if len(self._open) > MAX_OPEN:
            del self._open[next(iter(self._open))]

    def _answer(self, request_id: str, response: dict[str, Any]) -> None:
        if request := self._open.get(request_id):
            request.answered(response)

    def _fail(self, request_id: str, error: str) -> None:
        if request := self._open.get(request_id):
            request.error = clip(error)

    def _finish(self, params: Params, size: float | None) -> None:
        request = self._open.pop(params["requestId"], None)
        if request is None:
            return
        ms = None if request.sent is None else max(0, round((params["timestamp"] - request.sent) * 1000))
        self._done(
            {
                "method": request.method,
                "url": request.url,
                "status": request.status,
                "type": request.type,
                "mime": request.mime,
                "bytes": None if size is None else int(size),
                "ms": ms,
                "cached": request.cached,
                "error": request.error or None,
                "request": request.name,
            }
        )
