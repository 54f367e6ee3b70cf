"""What a browser's requests must pass: what is blocked fails, and a proxy that asks who it is gets told."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import CdpConnection, Params
    from sessions_app.engine.config import Proxy

REMEMBERED = 1000


@cache
def advert_hosts() -> frozenset[str]:
    """Well-known hosts of adverts and trackers; what is below them counts too."""
    lines = (Path(__file__).parent / "adverts.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_advert(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        # Chromium takes some addresses that Python does not; without an answer their requests would wait for ever.
        return False
    while host:
        if host in advert_hosts():
            return True
        host = host.partition(".")[2]
    return False


class Gate:
    """Of one browser, and so of all its tabs, their frames and workers. Only what may need an answer is stopped.

    A proxy with credentials needs all requests to be stopped: Chromium asks only of those.
    """

    def __init__(self, connection: CdpConnection, is_tab: Callable[[str], bool]) -> None:
        self._connection = connection
        self._is_tab = is_tab
        self._block: frozenset[str] = frozenset()
        self._proxy: Proxy | None = None
        # Asked twice for the same request, a proxy did not like the answer.
        self._answered: OrderedDict[str, None] = OrderedDict()

    def open(self, block: frozenset[str], proxy: Proxy | None) -> None:
        self._block = block
        self._proxy = proxy if proxy and proxy.username else None
        patterns = self._patterns()
        if patterns:
            asked = {"patterns": patterns, "handleAuthRequests": self._proxy is not None}
            self._connection.post("Fetch.enable", asked)

    def receive(self, method: str, params: Params) -> None:
        """Fetch.requestPaused and authRequired."""
        match method:
            case "Fetch.requestPaused":
                self._decide(params)
            case "Fetch.authRequired":
                answer = self._credentials(params)
                self._connection.post(
                    "Fetch.continueWithAuth",
                    {"requestId": params["requestId"], "authChallengeResponse": answer},
                )

    def _patterns(self) -> list[dict[str, str]]:
        if self._proxy:
            return [{"urlPattern": "*"}]
        patterns = [{"urlPattern": "*", "resourceType": "Media"}] if "media" in self._block else []
        if "ads" in self._block:
            for host in sorted(advert_hosts()):
                patterns += [{"urlPattern": f"*://{host}/*"}, {"urlPattern": f"*://*.{host}/*"}]
        return patterns

    def _decide(self, params: Params) -> None:
        request = {"requestId": params["requestId"]}
        if self._is_blocked(params):
            self._connection.post("Fetch.failRequest", {**request, "errorReason": "BlockedByClient"})
        else:
            self._connection.post("Fetch.continueRequest", request)

    def _is_blocked(self, params: Params) -> bool:
        kind = params["resourceType"]
        if kind == "Media" and "media" in self._block:
            return True
        if "ads" not in self._block or not is_advert(params["request"]["url"]):
            return False
        # Somebody who goes to such a site, or is led there by a click, wants to see it.
        return not (kind == "Document" and self._is_tab(params["frameId"]))

    def _credentials(self, params: Params) -> dict[str, Any]:
        if self._proxy is None or params["authChallenge"].get("source") != "Proxy":
            return {"response": "Default"}
        if params["requestId"] in self._answered:
            return {"response": "CancelAuth"}
        self._answered[params["requestId"]] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return {
            "response": "ProvideCredentials",
            "username": self._proxy.username,
            "password": self._proxy.password,
        }
