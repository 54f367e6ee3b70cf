"""Serves the playground on a free port of loopback.

A page is a file in `pages/`; the rest (what is slow, wrong, sent or downloaded) is answered by the functions below.
What a page was made to do, it writes into its `#out`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from email.message import Message
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, urlsplit

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

PAGES = Path(__file__).parent / "pages"
HTML, JSON, TEXT, BYTES = (
    "text/html; charset=utf-8",
    "application/json",
    "text/plain",
    "application/octet-stream",
)
# What pages elsewhere would call a file; a name is no path, whatever it looks like.
NAMES = {
    "plain": "report.txt",
    "spaced": "a long name, with a comma.txt",
    "foreign": "Übersicht – naïve 报告.txt",
    "upwards": "../../../evil.sh",
    "absolute": "/etc/passwd",
    "hidden": ".bashrc",
    "reserved": "CON",
    "endless": "x" * 400 + ".txt",
}
# One transparent pixel.
PICTURE = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@dataclass(frozen=True)
class Request:
    """What came to the site: `query` and `headers` (in lower case) by name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    body: bytes
    kind: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Playground(ThreadingHTTPServer):
    """`with Playground() as site: site.url("/form")`; `seen` is every request so far."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[Request] = []
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def foreign(self, path: str = "/") -> str:
        """The same page on what is another site to a browser."""
        return f"http://localhost:{self.server_port}{path}"

    def asked_for(self, path: str) -> list[Request]:
        return [request for request in self.seen if request.path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A browser that ends in the middle of an answer is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: Playground

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self.server.seen.append(request)
        first = "/" + parts.path.split("/")[1]
        self._send(ANSWERS.get(first, _page)(self.server, request))

    do_POST = do_PUT = do_GET

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        size = str(len(answer.body))
        for name, value in (("Content-Type", answer.kind), ("Content-Length", size), *answer.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass


@cache
def _read(name: str) -> str | None:
    path = PAGES / f"{name}.html"
    return path.read_text() if path.is_file() else None


def _page(site: Playground, request: Request) -> Answer:
    """`FOREIGN` in a page is this site under its other name."""
    page = _read(request.path.strip("/") or "index")
    if page is None:
        return Answer(b"<!doctype html><title>Nothing here</title><h1>Nothing here</h1>", status=404)
    return Answer(page.replace("FOREIGN", site.foreign("")).encode())


def _slow(site: Playground, request: Request) -> Answer:
    """`/slow?ms=800`; `&as=gif` is a picture."""
    site.closing.wait(float(request.query.get("ms", 500)) / 1000)
    if request.query.get("as") == "gif":
        return Answer(PICTURE, "image/gif")
    return Answer(b"<!doctype html><title>Slow</title><h1>Here at last</h1><a href='/links'>Links</a>")


def _never(site: Playground, _: Request) -> Answer:
    """Answers when the site closes, and not before."""
    site.closing.wait()
    return Answer(b"")


def _download(_: Playground, request: Request) -> Answer:
    """`/download/plain`, or another of NAMES; `?size=` bytes."""
    name = NAMES.get(request.path.removeprefix("/download/"), "file.bin")
    body = b"cargo\n" * (int(request.query.get("size", 6)) // 6 or 1)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Answer(body, BYTES, headers=(("Content-Disposition", disposition),))


def _echo(_: Playground, request: Request) -> Answer:
    """`/echo`: what came, as JSON; a form's fields by name, an uploaded file as `name: <file name> (<size>)`."""
    fields = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if request.headers.get("content-type", "").startswith("multipart/"):
        fields = _parts(request)
    facts = {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "fields": fields,
        "headers": request.headers,
    }
    return Answer(orjson.dumps(facts), JSON)


def _parts(request: Request) -> dict[str, str]:
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    found: dict[str, str] = {}
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, body = part.strip(b"\r\n").partition(b"\r\n\r\n")
        message = Message()
        message["Content-Disposition"] = head.decode().partition("Content-Disposition: ")[2].splitlines()[0]
        name, file = (str(message.get_param(key, "", "content-disposition")) for key in ("name", "filename"))
        found[name] = f"{file} ({len(body)})" if file else body.decode()
    return found


def _submitted(_: Playground, request: Request) -> Answer:
    """Where the form of `/form` goes: its fields as a page."""
    fields = request.query if request.method == "GET" else _fields(request)
    rows = "".join(f"<dt>{name}</dt><dd id='{name}'>{value}</dd>" for name, value in fields.items())
    return Answer(
        f"<!doctype html><title>Submitted</title><h1>Submitted</h1><dl id='out'>{rows}</dl>".encode()
    )


def _fields(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        return _parts(request)
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _items(site: Playground, request: Request) -> Answer:
    """Ten more lines for `/endless`."""
    start = int(request.query.get("from", 0))
    return Answer(orjson.dumps([f"Item {start + number}" for number in range(1, 11)]), JSON)


def _redirect(_: Playground, request: Request) -> Answer:
    """`/redirect?to=`"""
    return Answer(b"", TEXT, 302, (("Location", request.query["to"]),))


def _status(_: Playground, request: Request) -> Answer:
    """`/status/404`"""
    code = int(request.path.removeprefix("/status/"))
    return Answer(f"<!doctype html><title>{code}</title><h1>{code}</h1>".encode(), status=code)


def _cookie(_: Playground, request: Request) -> Answer:
    """`/cookie?name=value` sets cookies; the page shows what came."""
    had = request.headers.get("cookie", "")
    sets = tuple(("Set-Cookie", f"{name}={value}; Path=/") for name, value in request.query.items())
    return Answer(f"<!doctype html><title>Cookies</title><p id='out'>{had}</p>".encode(), headers=sets)


def _picture(_: Playground, __: Request) -> Answer:
    return Answer(PICTURE, "image/gif")


ANSWERS: dict[str, Callable[[Playground, Request], Answer]] = {
    "/cookie": _cookie,
    "/download": _download,
    "/echo": _echo,
    "/items": _items,
    "/never": _never,
    "/picture.gif": _picture,
    "/redirect": _redirect,
    "/slow": _slow,
    "/status": _status,
    "/submitted": _submitted,
}
