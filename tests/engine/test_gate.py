"""Which requests of a browser may pass, and who is told the proxy's password."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine.config import Proxy
from sessions_app.engine.gate import REMEMBERED, Gate, advert_hosts, is_advert
from tests.engine.conftest import FakePipe

ADA = Proxy(server="http://proxy.example:3128", username="ada", password="secret")


class Door:
    """A gate on a pipe that remembers what was said."""

    def __init__(self, *block: str, proxy: Proxy | None = None) -> None:
        self.pipe = FakePipe()
        self.gate = Gate(self.pipe.connection, lambda frame: frame == "T1")
        self.gate.open(frozenset(block), proxy)

    @property
    def patterns(self) -> list[dict[str, str]]:
        return list(self.pipe.last("Fetch.enable")["params"]["patterns"])

    def asks(self, url: str, kind: str = "Image", frame: str = "F2") -> str:
        """What becomes of a request."""
        request = {"url": url, "headers": {}}
        params = {"requestId": "R1", "request": request, "frameId": frame, "resourceType": kind}
        self.gate.receive("Fetch.requestPaused", params)
        return str(self.pipe.sent[-1]["method"]).removeprefix("Fetch.")

    def challenged(self, request: str = "R1", source: str | None = "Proxy") -> dict[str, Any]:
        challenge = {"source": source} if source else {}
        self.gate.receive("Fetch.authRequired", {"requestId": request, "authChallenge": challenge})
        answered = self.pipe.last("Fetch.continueWithAuth")["params"]
        assert answered["requestId"] == request
        return dict(answered["authChallengeResponse"])


@pytest.mark.parametrize(
    ("block", "proxy"), [((), None), (("images", "fonts"), None), ((), Proxy(server="http://p:1"))]
)
def test_nothing_is_stopped_without_need(block, proxy):
    assert Door(*block, proxy=proxy).pipe.sent == []


def test_only_what_may_be_blocked_is_stopped():
    assert Door("media").patterns == [{"urlPattern": "*", "resourceType": "Media"}]
    stopped = [pattern["urlPattern"] for pattern in Door("ads").patterns]
    assert "*://doubleclick.net/*" in stopped
    assert "*://*.doubleclick.net/*" in stopped
    assert "*" not in stopped


def test_a_proxy_that_asks_needs_all():
    door = Door("ads", proxy=ADA)
    assert door.patterns == [{"urlPattern": "*"}]
    assert door.pipe.last("Fetch.enable")["params"]["handleAuthRequests"] is True
    assert door.asks("http://example.com/") == "continueRequest"
    assert door.asks("http://doubleclick.net/") == "failRequest"
    assert Door("ads").pipe.last("Fetch.enable")["params"]["handleAuthRequests"] is False


def test_what_is_blocked_fails_as_if_the_page_had_a_blocker():
    door = Door("media")
    assert door.asks("http://example.com/film", "Media") == "failRequest"
    assert door.pipe.sent[-1]["params"] == {"requestId": "R1", "errorReason": "BlockedByClient"}
    assert door.asks("http://example.com/page", "Document") == "continueRequest"
    assert door.asks("http://doubleclick.net/") == "continueRequest"


def test_adverts_in_frames_are_blocked_and_the_page_one_goes_to_is_not():
    door = Door("ads")
    assert door.asks("http://ad.doubleclick.net/", "Document", "F2") == "failRequest"
    assert door.asks("http://ad.doubleclick.net/", "Document", "T1") == "continueRequest"
    assert door.asks("http://ad.doubleclick.net/", "Script", "T1") == "failRequest"
    assert door.asks("http://example.com/film", "Media") == "continueRequest"


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://doubleclick.net/x", True),
        ("https://a.b.doubleclick.net:8443/x", True),
        ("https://DOUBLECLICK.net/x", True),
        ("https://notdoubleclick.net/x", False),
        ("https://example.com/?doubleclick.net", False),
        ("https://net/", False),
        ("data:text/plain,x", False),
        ("http://[::1]/", False),
        ("blob:http://[", False),
        ("data://[x", False),
    ],
)
def test_an_advert_is_known_by_its_host(url, is_one):
    assert is_advert(url) is is_one


def test_the_list_names_hosts():
    assert len(advert_hosts()) > 100
    assert all(
        "." in host and host == host.lower() and not set(host) & set(" /:*#") for host in advert_hosts()
    )


def test_the_proxy_is_told_once_for_each_request():
    door = Door(proxy=ADA)
    given = {"response": "ProvideCredentials", "username": "ada", "password": "secret"}
    assert door.challenged("R1") == given
    assert door.challenged("R1") == {"response": "CancelAuth"}
    assert door.challenged("R2") == given


@pytest.mark.parametrize("source", ["Server", None])
def test_a_site_is_told_nothing(source):
    assert Door(proxy=ADA).challenged(source=source) == {"response": "Default"}


def test_what_was_answered_is_not_remembered_for_ever():
    door = Door(proxy=ADA)
    for number in range(REMEMBERED + 10):
        door.challenged(f"R{number}")
    assert len(door.gate._answered) == REMEMBERED
    assert door.challenged("R0")["response"] == "ProvideCredentials"
    assert door.challenged(f"R{REMEMBERED}")["response"] == "CancelAuth"
