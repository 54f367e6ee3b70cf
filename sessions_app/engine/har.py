"""A ledger as an HTTP Archive, HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine import har_parts as parts
from sessions_app.engine.exchanges import hops_of
from sessions_app.engine.ledger import MAX_REQUESTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.engine.exchanges import Hop
    from sessions_app.engine.ledger import Kept, Mark

_PROTOCOLS = {"http/1.0": "HTTP/1.0", "http/1.1": "HTTP/1.1", "h2": "HTTP/2", "h3": "HTTP/3"}
VERSION = "1"
_NO_BODIES = "Bodies are not kept."
_NO_SECRETS = "Cookies and the values of headers that may hold a secret are left out."


class NoSuchRequest(Exception):
    pass


@dataclass
class _Page:
    id: str
    title: str
    # In Chromium's own seconds, and in those since 1970.
    sent: float
    began: float
    reached: dict[str, float] = field(default_factory=dict)


def written(kept: Kept, *, secrets: bool = False, name: str = "") -> bytes:
    """For a thread; after each exchange the others get their turn. `name` asks for one request alone: NoSuchRequest."""
    pages, entries = _Pages(), []
    for exchange in kept.exchanges:
        hops = hops_of(exchange)
        pages.open(hops)
        entries += [
            (hop.began, orjson.dumps(_entry(hop, pages, secrets=secrets)))
            for hop in hops
            if name in ("", hop.name)
        ]
        time.sleep(0)
    if name and not entries:
        raise NoSuchRequest(name)
    newest = sorted(entries)[-MAX_REQUESTS:]
    return _log(pages.written(kept.marks), [entry for _, entry in newest], secrets=secrets)


def _log(pages: list[dict[str, Any]], entries: list[bytes], *, secrets: bool) -> bytes:
    head = {
        "version": "1.2",
        "creator": {"name": "Quarterdeck", "version": VERSION},
        "pages": pages,
        "comment": _NO_BODIES if secrets else f"{_NO_BODIES} {_NO_SECRETS}",
    }
    return b'{"log":%b,"entries":[%b]}}' % (orjson.dumps(head)[:-1], b",".join(entries))


class _Pages:
    """The documents that tabs opened, in their order: what a tab asks for comes of the last that it opened."""

    def __init__(self) -> None:
        self._opened: list[_Page] = []
        self._of_tab: dict[int, list[_Page]] = {}

    def open(self, hops: list[Hop]) -> None:
        if hops and hops[0].is_main:
            first = hops[0]
            page = _Page(f"page_{len(self._opened) + 1}", first.url, first.sent, first.began)
            self._opened.append(page)
            self._of_tab.setdefault(first.tab, []).append(page)

    def of(self, tab: int, at: float) -> _Page | None:
        before = [page for page in self._of_tab.get(tab, []) if page.sent <= at]
        return before[-1] if before else None

    def written(self, marks: Sequence[Mark]) -> list[dict[str, Any]]:
        for mark in marks:
            if page := self.of(mark.tab, mark.at):
                page.reached.setdefault(mark.name, round((mark.at - page.sent) * 1000, 3))
        return [
            {
                "startedDateTime": _moment(page.began),
                "id": page.id,
                "title": page.title,
                "pageTimings": {"onContentLoad": -1, "onLoad": -1, **page.reached},
            }
            for page in self._opened
        ]


def _entry(hop: Hop, pages: _Pages, *, secrets: bool) -> dict[str, Any]:
    timings = parts.timings(hop)
    answer = hop.answer or {}
    page = pages.of(hop.tab, hop.sent)
    known = {
        "pageref": page.id if page else None,
        "serverIPAddress": answer.get("remoteIPAddress", "").strip("[]") or None,
        "connection": str(answer["connectionId"]) if answer.get("connectionId") else None,
        "_fromCache": _cache(hop, answer),
        "_priority": hop.priority,
        "_error": hop.error or None,
    }
    return {
        "startedDateTime": _moment(hop.began),
        "time": parts.whole(timings),
        "request": _request(hop, answer, secrets=secrets),
        "response": _response(hop, answer, secrets=secrets),
        "cache": {},
        "timings": timings,
        "_request": hop.name,
        "_tab": hop.tab,
        "_resourceType": hop.type.lower(),
        **{name: value for name, value in known.items() if value is not None},
    }


def _request(hop: Hop, answer: dict[str, Any], *, secrets: bool) -> dict[str, Any]:
    length = parts.value_of(hop.headers, "content-length")
    request = {
        "method": hop.method,
        "url": hop.url,
        "httpVersion": _protocol(answer),
        "cookies": parts.cookies_sent(hop.headers, secrets=secrets),
        "headers": parts.headers(hop.headers, secrets=secrets),
        "queryString": parts.query(hop.url),
        "headersSize": -1,
        "bodySize": int(length) if length.isdigit() else -1 if hop.has_body else 0,
    }
    if hop.has_body:
        kind = parts.value_of(hop.headers, "content-type")
        request["postData"] = {"mimeType": kind, "text": "", "comment": _NO_BODIES}
    return request


def _response(hop: Hop, answer: dict[str, Any], *, secrets: bool) -> dict[str, Any]:
    """One that never came has the status 0."""
    headers = hop.answer_headers or answer.get("headers", {})
    head, body = parts.sizes(hop)
    content: dict[str, Any] = {"size": hop.received, "mimeType": answer.get("mimeType", "") or "x-unknown"}
    if body > 0 and hop.received:
        content["compression"] = hop.received - body
    return {
        "status": answer.get("status", 0),
        "statusText": answer.get("statusText", ""),
        "httpVersion": _protocol(answer),
        "cookies": parts.cookies_set(headers, secrets=secrets),
        "headers": parts.headers(headers, secrets=secrets),
        "content": content,
        "redirectURL": parts.value_of(headers, "location"),
        "headersSize": head,
        "bodySize": body,
        "_transferSize": hop.transferred if hop.transferred is not None else -1,
    }


def _protocol(answer: dict[str, Any]) -> str:
    told = answer.get("protocol", "")
    return _PROTOCOLS.get(told, told) or "unknown"


def _cache(hop: Hop, answer: dict[str, Any]) -> str | None:
    if hop.is_cached:
        return "memory"
    return "disk" if answer.get("fromDiskCache") else None


def _moment(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
