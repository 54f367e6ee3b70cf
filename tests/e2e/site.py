"""The pages that the sessions under test open."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

PAGES = {
    # Red until it is clicked; what is typed turns it blue.
    "/colours": """<!doctype html><title>Colours</title>
        <style>html { height: 100%; background: rgb(220, 20, 20) } input { position: absolute; left: 20px; top: 20px; width: 300px }</style>
        <input id="field" autocomplete="off">
        <script>
          const paint = (colour) => { document.documentElement.style.background = colour };
          addEventListener("click", (event) => { if (event.target.id !== "field") paint("rgb(20, 160, 20)") });
          field.addEventListener("input", () => { if (field.value === "ahoy") paint("rgb(20, 20, 220)") });
        </script>""",
    "/green": """<!doctype html><title>Green</title><body style="margin: 0; height: 100vh; background: rgb(20, 160, 20)">""",
    "/animation": """<!doctype html><title>Animation</title>
        <style>body { margin: 0 }</style><canvas id="canvas" width="1280" height="720"></canvas>
        <script>
          const pen = canvas.getContext("2d");
          let step = 0;
          const draw = () => {
            step += 1;
            pen.fillStyle = `hsl(${step % 360}, 60%, 50%)`;
            pen.fillRect(0, 0, 1280, 720);
            requestAnimationFrame(draw);
          };
          draw();
        </script>""",
}


class _Handler(BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, str]]

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        body = (page or "no such page").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


class Site:
    """Serves pages on a free port of loopback until `close`."""

    def __init__(self, pages: dict[str, str] = PAGES) -> None:
        handler = type("Handler", (_Handler,), {"pages": pages})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
