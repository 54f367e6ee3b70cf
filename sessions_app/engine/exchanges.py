"""The messages of one exchange, parsed: each request of a chain of redirects with the answer it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessions_app.engine.cdp import decode

if TYPE_CHECKING:
    from sessions_app.engine.ledger import Exchange

Params = dict[str, Any]


@dataclass(kw_only=True)
class Hop:
    """One request; times are Chromium's own seconds, `began` those since 1970."""

    name: str
    tab: int
    method: str
    url: str
    type: str
    sent: float
    began: float
    priority: str | None = None
    has_body: bool = False
    # As they were really sent and answered, where Chromium told that.
    headers: dict[str, str] = field(default_factory=dict)
    answer: Params | None = None
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer_text: str | None = None
    answered: float | None = None
    ended: float | None = None
    transferred: int | None = None
    received: int = 0
    is_cached: bool = False
    is_main: bool = False
    error: str = ""


def hops_of(exchange: Exchange) -> list[Hop]:
    """Empty for one whose request is not known."""
    told: dict[str, list[Params]] = {}
    for data in tuple(exchange.messages):
        message = decode(data)
        told.setdefault(message["method"].removeprefix("Network."), []).append(message["params"])
    if "webSocketCreated" in told:
        return [_socket(exchange, told)] if "webSocketWillSendHandshakeRequest" in told else []
    return _chain(exchange, told)


def _chain(exchange: Exchange, told: dict[str, list[Params]]) -> list[Hop]:
    sent = told.get("requestWillBeSent", [])
    hops = [_hop(exchange, name, params) for name, params in zip(exchange.names, sent, strict=False)]
    if not hops:
        return []
    # A page is opened by the first of a chain.
    hops[0].is_main = hops[0].type == "Document" and sent[0].get("frameId") == exchange.frame
    # Each redirect is told of with the request that it leads to.
    for hop, after in zip(hops, sent[1:], strict=False):
        hop.answer = after.get("redirectResponse")
        hop.answered = hop.ended = after["timestamp"]
        hop.transferred = int((hop.answer or {}).get("encodedDataLength", 0))
    last = told.get("responseReceived", [{}])[0]
    _end(hops[-1], exchange, told, last)
    flags = [bool(after.get("redirectHasExtraInfo")) for after in sent[1:]]
    flags.append(bool(last.get("hasExtraInfo", not hops[-1].is_cached)))
    _give_real_headers([hop for hop, flag in zip(hops, flags, strict=True) if flag], told)
    return hops


def _hop(exchange: Exchange, name: str, params: Params) -> Hop:
    request = params["request"]
    return Hop(
        name=name,
        tab=exchange.tab,
        method=request["method"],
        url=request["url"],
        type=params.get("type", "Other"),
        sent=params["timestamp"],
        began=params["wallTime"],
        priority=request.get("initialPriority"),
        has_body=bool(request.get("hasPostData")),
        headers=request["headers"],
    )


def _end(hop: Hop, exchange: Exchange, told: dict[str, list[Params]], answered: Params) -> None:
    hop.answer, hop.answered = answered.get("response"), answered.get("timestamp")
    hop.received = exchange.received
    hop.is_cached = "requestServedFromCache" in told
    for params in told.get("loadingFinished", []):
        hop.ended, hop.transferred = params["timestamp"], int(params["encodedDataLength"])
    for params in told.get("loadingFailed", []):
        hop.ended, hop.error = params["timestamp"], params["errorText"] or "failed"


def _give_real_headers(hops: list[Hop], told: dict[str, list[Params]]) -> None:
    """What is told apart from requests and answers comes in their order, for those that really went out."""
    for hop, params in zip(hops, told.get("requestWillBeSentExtraInfo", []), strict=False):
        hop.headers = params["headers"]
    for hop, params in zip(hops, told.get("responseReceivedExtraInfo", []), strict=False):
        hop.answer_headers, hop.answer_text = params["headers"], params.get("headersText")


def _socket(exchange: Exchange, told: dict[str, list[Params]]) -> Hop:
    asked = told["webSocketWillSendHandshakeRequest"][0]
    hop = Hop(
        name=next(iter(exchange.names), ""),
        tab=exchange.tab,
        method="GET",
        url=told["webSocketCreated"][0]["url"],
        type="WebSocket",
        sent=asked["timestamp"],
        began=asked["wallTime"],
        headers=asked["request"]["headers"],
    )
    for params in told.get("webSocketHandshakeResponseReceived", []):
        hop.answer, hop.answered = params["response"], params["timestamp"]
        hop.headers = params["response"].get("requestHeaders") or hop.headers
    for params in told.get("webSocketFrameError", []):
        hop.error = params["errorMessage"]
    for params in told.get("webSocketClosed", []):
        hop.ended = params["timestamp"]
    return hop
