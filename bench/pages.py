"""The pages that are measured, served by a process of their own: `python -m bench.pages` prints its address."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STYLE = "<style>html, body {margin: 0; height: 100%; overflow: hidden; font: 16px/24px serif}</style>"
_CANVAS = """<canvas id="canvas" width="1280" height="720"></canvas><script>
const context = document.getElementById("canvas").getContext("2d");
let turn = 0;
function draw() {
  turn += 1;
  requestAnimationFrame(draw);
  if (turn % EVERY) return;
  context.fillStyle = `hsl(${turn % 360}, 60%, 50%)`;
  context.fillRect(0, 0, 1280, 720);
  context.fillStyle = "#fff";
  context.fillRect((turn * 7) % 1180, (turn * 3) % 620, 100, 100);
}
draw();
</script>"""
_WORDS = (
    "The quick brown fox jumps over the lazy dog while a session's picture travels to whoever looks at it. "
)
_TEXT = "".join(f"<p>{number}. {_WORDS * 3}</p>" for number in range(200))
_SCROLL = f"""<div id="text">{_TEXT}</div><script>
const text = document.getElementById("text");
let at = 0;
function scroll() {{
  at = (at + 4) % 8000;
  text.style.transform = `translateY(-${{at}}px)`;
  requestAnimationFrame(scroll);
}}
scroll();
</script>"""
_FLIP = """<div id="block"></div><style>
#block {position: fixed; left: 400px; top: 200px; width: 480px; height: 320px; background: #c33}
#block.on {background: #3a3}
</style><script>
const flip = () => document.getElementById("block").classList.toggle("on");
addEventListener("keydown", flip);
addEventListener("mousedown", flip);
</script>"""
_FORM = """<h1>A form</h1>
<p><label>Name <input id="name"></label>
<p><label>Colour <select id="colour"><option value="r">Red<option value="g">Green<option value="b">Blue</select></label>
<p><button id="send">Send</button> <p id="out"></p><script>
send.addEventListener("click", () => { out.textContent = `${document.getElementById("name").value} ${colour.value}` });
</script>"""
_MARKED = f"<style>html {{background: rgb(0, 160, 0)}}</style><h1>A page</h1>{_TEXT[:2000]}"

PAGES = {
    "/form": _FORM,
    "/canvas": _CANVAS.replace("EVERY", "1"),
    "/half": _CANVAS.replace("EVERY", "2"),
    "/scroll": _SCROLL,
    "/still": f"<h1>A form</h1><p>{_WORDS}</p>{_FLIP}",
    "/text": _TEXT + _FLIP,
    "/marked": _MARKED,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        body = f"<!doctype html><title>{self.path}</title>{_STYLE}{page or 'no such page'}".encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served_pages() -> Iterator[str]:
    """Their address, while the process that serves them runs."""
    with Popen([sys.executable, "-m", "bench.pages"], stdout=PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
