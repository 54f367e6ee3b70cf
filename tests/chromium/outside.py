"""The world beyond this machine, as far as tests need it: a proxy that knows every host, and a site nobody vouches for."""

from __future__ import annotations

import base64
import json
import select
import socket
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.serving import Server

if TYPE_CHECKING:
    from pathlib import Path

USERNAME, PASSWORD = "ada", "pass:w rd"
_RIGHT = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
PAGES = {
    "/": "<title>home</title>",
    # What a page may bring along.
    "/assets": """<title>assets</title><style>@font-face { font-family: far; src: url(/far.woff2) } p { font-family: far }</style>
        <p>words</p><img src="/picture.png"><video src="/film.mp4" preload="auto"></video>
        <script src="http://stats.doubleclick.net/spy.js"></script><script src="/own.js"></script>""",
    # A frame of another site, a worker, and a request of each.
    "/nested": """<title>nested</title><iframe src="http://other.test/inner"></iframe><script>new Worker("/worker.js")</script>""",
    "/inner": """<title>inner</title><script>fetch("/from-frame").then(() => new Worker("/worker-of-frame.js"))</script>""",
    "/worker.js": """fetch("/from-worker")""",
    "/own.js": "document.title = 'loaded'",
    "/popups": """<title>popups</title><script>addEventListener("click", () => open("/"))</script>""",
}


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def answer(self, text: str, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        body = text.encode()
        fields = {"Content_Type": kind, "Content_Length": str(len(body)), **headers}
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, path: str) -> None:
        if path in PAGES:
            self.answer(PAGES[path], "text/javascript" if path.endswith(".js") else "text/html")
        elif path == "/headers":
            self.answer(json.dumps({name.lower(): value for name, value in self.headers.items()}))
        else:
            self.answer("", "text/plain")

    def log_message(self, *_: object) -> None:
        pass


class _ProxyHandler(_Handler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self._may_pass():
            self.server.asked.append((parts.hostname, parts.path, dict(self.headers)))
            self.page(parts.path)

    def do_CONNECT(self) -> None:
        if not self._may_pass():
            return
        self.server.tunnels.append(self.path)
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            self.send_response(200)
            self.end_headers()
            _relay(self.connection, behind)
        self.close_connection = True

    def _may_pass(self) -> bool:
        given = self.headers.get("Proxy-Authorization")
        if not self.server.guarded or given == _RIGHT:
            return True
        self.server.refused.append(given)
        self.answer("", status=407, Proxy_Authenticate='Basic realm="proxy"')
        return False


def _relay(one: socket.socket, other: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([one, other], [], [], 30)
        if not ready:
            return
        for side in ready:
            data = side.recv(65536)
            if not data:
                return
            (other if side is one else one).sendall(data)


class Proxy(Server):
    """Answers for every host by itself; tunnels end at the port `behind`. `guarded`: it wants credentials."""

    handler = _ProxyHandler

    def __init__(self, *, guarded: bool = False, behind: int = 0) -> None:
        super().__init__()
        self.guarded = guarded
        self.behind = behind
        self.asked: list[tuple[str | None, str, dict[str, str]]] = []
        self.refused: list[str | None] = []
        self.tunnels: list[str] = []

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def headers_of(self, path: str) -> dict[str, str]:
        return next(headers for _, asked, headers in self.asked if asked == path)


class _SecureHandler(_Handler):
    def do_GET(self) -> None:
        self.page(urlsplit(self.path).path)


class SecureSite(Server):
    """By https, with a certificate that it gave itself."""

    scheme = "https"
    handler = _SecureHandler

    def __init__(self, folder: Path) -> None:
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder))
        self.socket = context.wrap_socket(self.socket, server_side=True)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "nobody.pem"
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
