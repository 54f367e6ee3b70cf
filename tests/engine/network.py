"""What Chromium tells of requests, message by message, in its own order of fields."""

from __future__ import annotations

import json
from typing import Any

TIMING = {
    "requestTime": 100.002, "proxyStart": -1, "proxyEnd": -1, "dnsStart": 1.0, "dnsEnd": 2.0, "connectStart": 2.0,
    "connectEnd": 12.0, "sslStart": 5.0, "sslEnd": 12.0, "sendStart": 12.5, "sendEnd": 13.0,
    "receiveHeadersStart": 40.0, "receiveHeadersEnd": 41.0,
}  # fmt: skip


def message(method: str, request_id: str, **params: Any) -> bytes:
    said = {"method": f"Network.{method}", "params": {"requestId": request_id, **params}, "sessionId": "S1"}
    return json.dumps(said, separators=(",", ":")).encode()


def sent(
    request_id: str,
    url: str,
    *,
    at: float = 100.0,
    type: str = "Fetch",
    frame: str = "T1",
    **more: Any,
) -> bytes:
    request = {"url": url, "method": "GET", "headers": {"A": "provisional"}, **more.pop("request", {})}
    return message(
        "requestWillBeSent", request_id, request=request, timestamp=at, wallTime=1_800_000_000 + at,
        type=type, frameId=frame, **more,
    )  # fmt: skip


def answer(status: int = 200, **more: Any) -> dict[str, Any]:
    return {
        "status": status, "statusText": "OK", "headers": {"B": "provisional"}, "mimeType": "text/html",
        "protocol": "h2", "remoteIPAddress": "[::1]", "connectionId": 7, "encodedDataLength": 40, **more,
    }  # fmt: skip


def answered(request_id: str, *, at: float = 100.05, extra: bool = True, **more: Any) -> bytes:
    return message(
        "responseReceived",
        request_id,
        timestamp=at,
        type="Fetch",
        response=answer(**more),
        hasExtraInfo=extra,
    )


def really_sent(request_id: str, **headers: str) -> bytes:
    return message("requestWillBeSentExtraInfo", request_id, associatedCookies=[], headers=headers)


def really_answered(request_id: str, text: str | None = None, **headers: str) -> bytes:
    more = {} if text is None else {"headersText": text}
    return message("responseReceivedExtraInfo", request_id, blockedCookies=[], headers=headers, **more)


def chunk(request_id: str, length: int) -> bytes:
    return message(
        "dataReceived", request_id, timestamp=100.06, dataLength=length, encodedDataLength=length // 2
    )


def finished(request_id: str, *, at: float = 100.1, size: int = 140) -> bytes:
    return message("loadingFinished", request_id, timestamp=at, encodedDataLength=size)


def failed(request_id: str, why: str = "net::ERR_FAILED") -> bytes:
    return message("loadingFailed", request_id, timestamp=100.1, type="Fetch", errorText=why)
