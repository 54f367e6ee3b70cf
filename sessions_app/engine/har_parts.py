"""What an entry of a HAR is made of: headers without their secrets, cookies, sizes and times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from sessions_app.engine.exchanges import Hop

Part = dict[str, Any]

REDACTED = "[redacted]"
_SECRET = re.compile(
    r"^((proxy-)?authorization|(set-)?cookie2?)$"
    r"|token|secret|passw|credential|signature|session|csrf|xsrf|jwt|api-?key|(^|-)(auth|key)$",
    re.IGNORECASE,
)
# A handshake's nonce: it has the name of a secret and is none.
_PLAIN = frozenset({"sec-websocket-key"})
# What the session's own proxy is told is nobody's to read, whatever they may see else.
_NOBODYS = "proxy-authorization"
_COOKIES = frozenset({"cookie", "set-cookie"})
_ATTRIBUTES = {"path": "path", "domain": "domain", "samesite": "sameSite"}
_FLAGS = {"httponly": "httpOnly", "secure": "secure"}


def is_secret(name: str) -> bool:
    return name.lower() not in _PLAIN and _SECRET.search(name) is not None


def headers(found: dict[str, str], *, secrets: bool) -> list[Part]:
    """Chromium puts the values of a name that comes again into one, line by line."""
    return [
        {"name": name, "value": value if _may_be_told(name, secrets=secrets) else REDACTED}
        for name, values in found.items()
        for value in str(values).split("\n")
    ]


def _may_be_told(name: str, *, secrets: bool) -> bool:
    return not is_secret(name) or (secrets and name.lower() != _NOBODYS)


def value_of(found: dict[str, str], name: str) -> str:
    return next((value for key, value in found.items() if key.lower() == name), "")


def cookies_sent(found: dict[str, str], *, secrets: bool) -> list[Part]:
    pairs = [pair for pair in value_of(found, "cookie").split(";") if pair.strip()]
    return [_cookie(pair, secrets=secrets) for pair in pairs]


def cookies_set(found: dict[str, str], *, secrets: bool) -> list[Part]:
    lines = [line for line in value_of(found, "set-cookie").split("\n") if line.strip()]
    return [_cookie_with_attributes(line, secrets=secrets) for line in lines]


def _cookie(pair: str, *, secrets: bool) -> Part:
    name, _, value = pair.strip().partition("=")
    return {"name": name, "value": value if secrets else REDACTED}


def _cookie_with_attributes(line: str, *, secrets: bool) -> Part:
    pair, *attributes = line.split(";")
    cookie = _cookie(pair, secrets=secrets)
    for attribute in attributes:
        name, _, value = attribute.strip().partition("=")
        if name.lower() in _FLAGS:
            cookie[_FLAGS[name.lower()]] = True
        elif name.lower() in _ATTRIBUTES:
            cookie[_ATTRIBUTES[name.lower()]] = value
    return cookie


def query(url: str) -> list[Part]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=1_000)
    except ValueError:
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def timings(hop: Hop) -> Part:
    """Milliseconds; -1 says that there was no such stretch. They follow each other, so that their sum is the whole."""
    times = (hop.answer or {}).get("timing")
    if times and times.get("sendStart", -1) >= 0 and not hop.is_cached:
        return _measured(hop, times)
    answered = hop.answered or hop.ended or hop.sent
    return _rounded(
        {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0}
        | {"wait": _ms(hop.sent, answered), "receive": _ms(answered, hop.ended or answered)}
    )


def _measured(hop: Hop, times: Part) -> Part:
    # Its stretches count from `requestTime`; one that was not gone through is -1.
    send = times["sendStart"]
    connect = times["connectStart"] if times["connectStart"] >= 0 else send
    dns = times["dnsStart"] if times["dnsStart"] >= 0 else connect
    headers_end = times["requestTime"] + times["receiveHeadersEnd"] / 1000
    return _rounded(
        {
            "blocked": _ms(hop.sent, times["requestTime"]) + max(0, dns),
            "dns": max(0, connect - dns) if times["dnsStart"] >= 0 else -1,
            "connect": max(0, send - connect) if times["connectStart"] >= 0 else -1,
            "ssl": max(0, times["sslEnd"] - times["sslStart"]) if times["sslStart"] >= 0 else -1,
            "send": max(0, times["sendEnd"] - send),
            "wait": max(0, times["receiveHeadersEnd"] - times["sendEnd"]),
            "receive": _ms(headers_end, hop.ended or headers_end),
        }
    )


def whole(parts: Part) -> float:
    """TLS is part of connecting."""
    return round(sum(float(value) for name, value in parts.items() if name != "ssl" and value > 0), 3)


def _ms(start: float, end: float) -> float:
    return max(0.0, (end - start) * 1000)


def _rounded(parts: Part) -> Part:
    return {name: round(value, 3) for name, value in parts.items()}


def sizes(hop: Hop) -> tuple[int, int]:
    """Bytes of the answer's headers and of its body as they were transferred; -1 is not known."""
    if hop.is_cached or hop.transferred is None or hop.answer is None:
        return -1, 0 if hop.is_cached else -1
    if hop.answer_text is None:
        return -1, hop.transferred
    head = len(hop.answer_text.encode())
    return head, max(0, hop.transferred - head)
