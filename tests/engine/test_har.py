"""What was told of requests becomes an HTTP Archive: whole, valid, and without secrets unless they are asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions_app.engine import har, har_parts
from sessions_app.engine.ledger import Ledger
from tests.engine.network import (
    TIMING,
    answer,
    answered,
    chunk,
    failed,
    finished,
    message,
    really_answered,
    really_sent,
    sent,
)
from tests.har import entries_of

URL = "https://a.test/list?q=one&q=two&empty="


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def tell(ledger: Ledger, *told: bytes, tab: int = 1, frame: str = "T1") -> None:
    account = ledger.open(tab, frame)
    for data in told:
        account.keep(data)


def entries(ledger: Ledger, **how: Any) -> list[dict[str, Any]]:
    return entries_of(har.written(ledger.read(), **how))


def pairs(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(one["name"], one["value"]) for one in found]


def test_a_whole_request(ledger: Ledger) -> None:
    tell(
        ledger,
        sent("R1", URL),
        really_sent("R1", Accept="*/*"),
        answered("R1", timing=TIMING),
        really_answered("R1", "HTTP/1.1 200 OK\r\n\r\n", Server="old"),
        chunk("R1", 500),
        finished("R1", size=140),
    )
    [entry] = entries(ledger)
    request, response = entry["request"], entry["response"]
    assert entry["startedDateTime"] == "2027-01-15T08:01:40.000Z"
    assert (request["method"], request["url"], request["httpVersion"]) == ("GET", URL, "HTTP/2")
    assert pairs(request["queryString"]) == [("q", "one"), ("q", "two"), ("empty", "")]
    assert (pairs(request["headers"]), request["bodySize"]) == ([("Accept", "*/*")], 0)
    assert (response["status"], response["statusText"]) == (200, "OK")
    assert pairs(response["headers"]) == [("Server", "old")]
    assert response["content"] == {"size": 500, "mimeType": "text/html", "compression": 379}
    assert (response["headersSize"], response["bodySize"], response["_transferSize"]) == (19, 121, 140)
    assert (entry["serverIPAddress"], entry["connection"], entry["_tab"]) == ("::1", "7", 1)
    assert (entry["_resourceType"], entry["_request"]) == ("fetch", ledger.newest)


def test_where_its_time_went(ledger: Ledger) -> None:
    tell(ledger, sent("R1", URL), answered("R1", timing=TIMING), finished("R1", at=100.1))
    [entry] = entries(ledger)
    assert entry["timings"] == {
        "blocked": 3.0, "dns": 1.0, "connect": 10.5, "ssl": 7.0, "send": 0.5, "wait": 28.0, "receive": 57.0
    }  # fmt: skip
    assert entry["time"] == 100.0


def test_on_a_connection_that_was_open(ledger: Ledger) -> None:
    again = {**TIMING, **dict.fromkeys(("dnsStart", "dnsEnd", "connectStart", "connectEnd"), -1)}
    tell(ledger, sent("R1", URL), answered("R1", timing={**again, "sslStart": -1}), finished("R1"))
    timings = entries(ledger)[0]["timings"]
    assert (timings["dns"], timings["connect"], timings["ssl"]) == (-1, -1, -1)
    assert timings["blocked"] == 14.5


def test_every_step_of_a_redirect_with_its_own_headers(ledger: Ledger) -> None:
    hop: dict[str, Any] = {"redirectHasExtraInfo": True, "redirectResponse": answer(302, timing=TIMING)}
    tell(
        ledger,
        really_sent("R1", Cookie="a=1"),
        sent("R1", "https://a.test/old"),
        really_answered("R1", Location="/new"),
        really_sent("R1", Cookie="a=2"),
        sent("R1", "https://a.test/new", at=100.2, **hop),
        answered("R1", at=100.3),
        really_answered("R1", Server="b"),
        finished("R1", at=100.4),
    )
    old, new = entries(ledger, secrets=True)
    assert (old["response"]["status"], old["response"]["redirectURL"]) == (302, "/new")
    assert old["response"]["_transferSize"] == 40
    assert pairs(old["request"]["cookies"]) == [("a", "1")]
    assert pairs(new["request"]["cookies"]) == [("a", "2")]
    assert (new["response"]["status"], new["response"]["redirectURL"]) == (200, "")
    assert old["_request"] != new["_request"]


def test_a_step_that_never_left_the_browser_takes_nobody_elses_headers(ledger: Ledger) -> None:
    inside: dict[str, Any] = {"redirectHasExtraInfo": False, "redirectResponse": answer(307)}
    tell(
        ledger,
        sent("R1", "http://a.test/"),
        sent("R1", "https://a.test/", at=100.2, **inside),
        really_sent("R1", Accept="text/html"),
        answered("R1"),
    )
    upgrade, page = entries(ledger)
    assert pairs(upgrade["request"]["headers"]) == [("A", "provisional")]
    assert pairs(page["request"]["headers"]) == [("Accept", "text/html")]


def test_what_may_be_secret_is_left_out(ledger: Ledger) -> None:
    tell(
        ledger,
        sent("R1", URL),
        really_sent(
            "R1", **{"Cookie": "sid=s3cret; b=s3cret", "authorization": "Basic s3cret", "X-Api-Key": "s3cret"}
        ),
        answered("R1"),
        really_answered(
            "R1", **{"set-cookie": "sid=s3cret; Path=/; HttpOnly; Secure; SameSite=Lax\nb=s3cret"}
        ),
        finished("R1"),
    )
    assert b"s3cret" not in har.written(ledger.read())
    [entry] = entries(ledger)
    assert pairs(entry["request"]["cookies"]) == [("sid", "[redacted]"), ("b", "[redacted]")]
    assert pairs(entry["request"]["headers"])[1] == ("authorization", "[redacted]")
    assert entry["response"]["cookies"][0] == {
        "name": "sid", "value": "[redacted]", "path": "/", "httpOnly": True, "secure": True, "sameSite": "Lax"
    }  # fmt: skip
    [entry] = entries(ledger, secrets=True)
    assert ("authorization", "Basic s3cret") in pairs(entry["request"]["headers"])
    assert pairs(entry["response"]["cookies"]) == [("sid", "s3cret"), ("b", "s3cret")]
    assert pairs(entry["response"]["headers"])[1] == ("set-cookie", "b=s3cret")


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Proxy-Authorization", True), ("X-Auth-Token", True), ("x-csrf-token", True), ("X-Amz-Security-Token", True),
        ("x-goog-api-key", True), ("x-auth", True), ("X-Session-Id", True), ("X-Functions-Key", True),
        ("WWW-Authenticate", False), (":authority", False), ("Accept", False), ("Content-Type", False),
        ("Sec-WebSocket-Key", False), ("Cache-Control", False), ("X-Keyboard", False),
    ],
)  # fmt: skip
def test_which_headers_may_be_secret(name: str, secret: bool) -> None:
    assert har_parts.is_secret(name) is secret


def test_the_proxys_credentials_are_nobodys(ledger: Ledger) -> None:
    tell(ledger, sent("R1", URL), really_sent("R1", **{"proxy-authorization": "Basic x", "Cookie": "a=b"}))
    [entry] = entries(ledger, secrets=True)
    told = {header["name"]: header["value"] for header in entry["request"]["headers"]}
    assert told == {"proxy-authorization": har_parts.REDACTED, "Cookie": "a=b"}


def test_a_body_is_measured_and_not_kept(ledger: Ledger) -> None:
    tell(
        ledger,
        sent("R1", URL, request={"method": "POST", "hasPostData": True, "postData": "s3cret"}),
        really_sent("R1", **{"Content-Length": "6", "Content-Type": "text/plain"}),
    )
    [entry] = entries(ledger, secrets=True)
    assert entry["request"]["bodySize"] == 6
    assert (entry["request"]["postData"]["mimeType"], entry["request"]["postData"]["text"]) == (
        "text/plain",
        "",
    )


def test_one_that_failed_and_one_that_is_under_way(ledger: Ledger) -> None:
    tell(ledger, sent("R1", URL), failed("R1", "net::ERR_NAME_NOT_RESOLVED"), sent("R2", URL, at=101))
    broken, waiting = entries(ledger)
    assert (broken["response"]["status"], broken["_error"]) == (0, "net::ERR_NAME_NOT_RESOLVED")
    assert (waiting["response"]["status"], waiting["time"], "_error" in waiting) == (0, 0, False)


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_one_from_the_cache(ledger: Ledger, where: str) -> None:
    served = [message("requestServedFromCache", "R1")] if where == "memory" else []
    disk = where == "disk"
    tell(
        ledger,
        sent("R1", URL),
        *served,
        answered("R1", extra=False, fromDiskCache=disk),
        finished("R1", size=0),
    )
    assert entries(ledger)[0]["_fromCache"] == where


def test_a_sockets_handshake(ledger: Ledger) -> None:
    asked = {
        "timestamp": 100.0,
        "wallTime": 1_800_000_000.0,
        "request": {"headers": {"Upgrade": "websocket"}},
    }
    tell(
        ledger,
        message("webSocketCreated", "W1", url="wss://a.test/s"),
        message("webSocketWillSendHandshakeRequest", "W1", **asked),
        message("webSocketHandshakeResponseReceived", "W1", timestamp=100.1, response=answer(101)),
        message("webSocketFrameError", "W1", timestamp=100.2, errorMessage="broken"),
        message("webSocketClosed", "W1", timestamp=100.3),
        message("webSocketCreated", "W2", url="wss://a.test/never-asked"),
    )
    [entry] = entries(ledger)
    assert (entry["request"]["url"], entry["response"]["status"]) == ("wss://a.test/s", 101)
    assert (entry["_resourceType"], entry["_error"]) == ("websocket", "broken")


def test_pages_and_what_came_of_them(ledger: Ledger) -> None:
    tell(ledger, sent("R0", "https://a.test/before", at=99.0))
    tell(ledger, sent("R1", "https://a.test/one", type="Document"))
    tell(ledger, sent("R2", "https://a.test/frame", at=100.2, type="Document", frame="F2"))
    tell(ledger, sent("R3", "https://b.test/", at=100.3, type="Document", frame="T2"), tab=2, frame="T2")
    tell(ledger, sent("R4", "https://a.test/two", at=105.0, type="Document"))
    for name, at in (("onContentLoad", 100.4), ("onLoad", 100.5), ("onLoad", 100.9), ("onLoad", 105.5)):
        ledger.open(1, "T1").mark(name, at)  # type: ignore[arg-type]
    found = entries(ledger)
    assert [entry.get("pageref") for entry in found] == [None, "page_1", "page_1", "page_2", "page_3"]
    pages = json.loads(har.written(ledger.read()))["log"]["pages"]
    assert [(page["title"], page["pageTimings"]) for page in pages] == [
        ("https://a.test/one", {"onContentLoad": 400.0, "onLoad": 500.0}),
        ("https://b.test/", {"onContentLoad": -1, "onLoad": -1}),
        ("https://a.test/two", {"onContentLoad": -1, "onLoad": 500.0}),
    ]


def test_one_request_alone(ledger: Ledger) -> None:
    tell(ledger, sent("R1", "https://a.test/1"))
    name = ledger.newest or ""
    tell(ledger, sent("R2", "https://a.test/2"))
    [entry] = entries_of(har.written(ledger.read(name), name=name))
    assert entry["request"]["url"] == "https://a.test/1"
    with pytest.raises(har.NoSuchRequest):
        har.written(ledger.read("unknown"), name="unknown")


def test_of_more_requests_than_may_be_the_newest(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "MAX_REQUESTS", 2)
    for number in range(3):
        tell(ledger, sent(f"R{number}", f"https://a.test/{number}", at=100 - number))
    assert [entry["request"]["url"][-1] for entry in entries(ledger)] == ["1", "0"]


def test_nothing_yet(ledger: Ledger) -> None:
    assert entries(ledger) == []


def test_an_address_that_is_none(ledger: Ledger) -> None:
    tell(ledger, sent("R1", "http://[broken?a=b"))
    tell(ledger, sent("R2", "http://a.test/?" + "&".join("a" * 1_001), at=101))
    assert [entry["request"]["queryString"] for entry in entries(ledger)] == [[], []]
