"""A tiny web site on this machine: pages of one flat colour that change when something is done to them."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.serving import Server

HEAD = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>html, body {{ margin: 0; height: 100%; background: {colour} }}</style>
<script>
  const log = [];
  const paint = (colour) => {{ document.body.style.background = colour; document.documentElement.style.background = colour }};
</script>
<body>"""

PAGES = {
    "/red": ("red", ""),
    "/blue": ("blue", ""),
    # Turns green when it is clicked, black when it is double-clicked.
    "/click": (
        "red",
        """<script>
        addEventListener("mousedown", () => paint("lime"));
        addEventListener("dblclick", () => paint("black"));
        </script>""",
    ),
    # Keeps a log of everything that reaches it.
    "/input": (
        "white",
        """<input id="field" autofocus style="font: 20px sans-serif; width: 400px">
        <div style="height: 5000px"></div>
        <script>
        for (const kind of ["keydown", "keyup", "mousedown", "mouseup", "dblclick", "mousemove", "wheel",
                            "compositionstart", "compositionend", "touchstart", "touchend", "contextmenu"])
          addEventListener(kind, (event) => log.push({
            kind, key: event.key, code: event.code, keyCode: event.keyCode, repeat: event.repeat,
            button: event.button, buttons: event.buttons, detail: event.detail, x: event.clientX, y: event.clientY,
            modifiers: (event.altKey ? 1 : 0) + (event.ctrlKey ? 2 : 0) + (event.metaKey ? 4 : 0) + (event.shiftKey ? 8 : 0),
          }), {passive: true});
        </script>""",
    ),
    # Something to drag from the left half to the right one.
    "/drag": (
        "white",
        """<div id="thing" draggable="true" style="position: absolute; left: 50px; top: 50px; width: 100px; height: 100px; background: red"></div>
        <div id="place" style="position: absolute; left: 400px; top: 50px; width: 200px; height: 200px; background: grey"></div>
        <script>
        const note = (event) => { if (log.at(-1) !== event.type) log.push(event.type) };
        thing.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/plain", "cargo"); note(event) });
        thing.addEventListener("dragend", note);
        for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, (event) => { event.preventDefault(); note(event) });
        place.addEventListener("dragleave", note);
        place.addEventListener("drop", (event) => { note(event); log.push(event.dataTransfer.getData("text/plain")); paint("lime") });
        </script>""",
    ),
    # Opens a blue window when it is clicked.
    "/popup": ("red", """<script>addEventListener("click", () => open("/blue"))</script>"""),
    # Hangs for ever when it is clicked.
    "/hang": ("red", """<script>addEventListener("mousedown", () => { while (true) {} })</script>"""),
    # Asks when it is clicked, and turns green when the answer is yes.
    "/ask": ("red", """<script>addEventListener("mouseup", () => { if (prompt("Who?", "me") === "you") paint("lime") })</script>"""),
    # Never stands still.
    "/moves": (
        "white",
        """<div id="box" style="width: 200px; height: 200px; background: blue"></div>
        <script>let n = 0; (function step() { box.style.marginLeft = `${++n % 500}px`; requestAnimationFrame(step) })()</script>""",
    ),
    # `burst()` flashes twenty colours and ends on green.
    "/burst": (
        "red",
        """<script>
        const burst = async () => {
          for (let n = 0; n < 20; n++) { paint(`rgb(${n * 12}, 0, 255)`); await new Promise(requestAnimationFrame) }
          paint("lime");
        };
        </script>""",
    ),
    # Two lists to choose from, the second one in a frame.
    "/choices": (
        "white",
        """<style>select { position: absolute; left: 20px; top: 20px; width: 200px; height: 30px }</style>
        <select id="select" onchange="log.push(this.value)">
          <option>one<optgroup label="More"><option>two<option disabled>three</optgroup><option>four
        </select>
        <iframe style="position: absolute; left: 300px; top: 100px; border: 0"
          srcdoc="<select style='position: absolute; left: 10px; top: 10px; width: 90px'><option>x<option>y</select>"></iframe>""",
    ),
    "/pointers": (
        "white",
        """<style>body * { position: absolute; left: 0; width: 100px; height: 50px }</style>
        <a href="/red" style="top: 0">a link</a><input style="top: 100px"><p style="top: 200px; margin: 0">words</p>
        <div style="top: 300px; cursor: url(none.png), grab"></div>""",
    ),
    # A list of three, and places with pointers of their own.
    "/select": (
        "red",
        """<select id="list" style="position: absolute; left: 20px; top: 20px; width: 200px; height: 30px">
        <option>One</option><optgroup label="Others"><option>Two</option><option disabled>Three</option></optgroup></select>
        <div style="position: absolute; left: 300px; top: 20px; width: 100px; height: 100px; cursor: grab"></div>
        <p style="position: absolute; left: 300px; top: 200px; margin: 0; font-size: 40px">Some text</p>
        <script>list.addEventListener("change", () => paint(list.value === "Two" ? "lime" : "blue"))</script>""",
    ),
    "/file": ("white", """<input type="file" id="file">"""),
    "/framed": ("white", """<iframe src="/red"></iframe>"""),
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/download":
            self._answer(
                b"cargo",
                "application/octet-stream",
                ("Content-Disposition", "attachment; filename=cargo.bin"),
            )
        elif parts.path == "/redirect":
            to = parse_qs(parts.query)["to"][0]
            self._answer(b"", "text/plain", ("Location", to), status=302)
        elif page := PAGES.get(parts.path):
            colour, body = page
            head = HEAD.format(title=parts.path.strip("/"), colour=colour)
            self._answer((head + body).encode(), "text/html")
        else:
            self._answer(b"not here", "text/plain", status=404)

    def _answer(self, body: bytes, kind: str, *headers: tuple[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Site(Server):
    handler = Handler
