"""The live socket's messages, against the examples that the JavaScript tests read too."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sessions_app.engine import messages, notices
from sessions_app.engine.config import Viewport
from sessions_app.engine.control import Holder
from sessions_app.engine.dialogs import Dialog
from sessions_app.engine.hub import Viewer
from sessions_app.engine.natives import OpenList
from sessions_app.engine.tab import Tab
from sessions_app.engine.wire import HEADER, MAX_TEXT, Frame, WireError, jpeg_size, pack_frame, parse
from tests.engine.conftest import FakeTabs

EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures" / "wire.json").read_text())
CLASSES = {
    "ack": messages.Ack,
    "settings": messages.Settings,
    "control": messages.ControlRequest,
    "mouse": messages.Mouse,
    "wheel": messages.Wheel,
    "key": messages.Key,
    "text": messages.Text,
    "composition": messages.Composition,
    "touch": messages.Touch,
    "navigate": messages.Navigate,
    "resize": messages.Resize,
    "tab": messages.TabRequest,
    "dialog": messages.DialogAnswer,
    "select": messages.SelectAnswer,
    "file": messages.FileAnswer,
}
POINT = {"x": 1, "y": 2}


def read(**message: Any) -> messages.FromViewer:
    return parse(json.dumps(message))


def example(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(message for message in EXAMPLES["to_viewer"] if message["type"] == kind)
    return found


OPTIONS = [
    {"label": "One", "group": "", "disabled": False},
    {"label": "Two", "group": "Others", "disabled": True},
]


def same(notice: dict[str, Any], kind: str) -> bool:
    """Equal to the example, in the order of the fields as well."""
    return list(notice.items()) == list(example(kind).items())


class TestFrame:
    def test_the_example(self) -> None:
        header = dict(EXAMPLES["frame"]["header"])
        seq, input_seq = header.pop("seq"), header.pop("input_seq")
        frame = Frame(bytes.fromhex(EXAMPLES["frame"]["picture_hex"]), **header)
        assert pack_frame(frame, seq=seq, input_seq=input_seq).hex() == EXAMPLES["frame"]["message_hex"]

    def test_the_header_has_32_bytes(self) -> None:
        assert HEADER.size == 32


class TestJpegSize:
    @pytest.mark.parametrize("progressive", [False, True])
    @pytest.mark.parametrize("size", [(1280, 720), (1, 4096), (333, 7)])
    def test_it_reads_what_pillow_writes(self, size: tuple[int, int], *, progressive: bool) -> None:
        out = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "a segment before the frame's"
        Image.new("RGB", size, "red").save(out, "JPEG", progressive=progressive, optimize=True, exif=exif)
        assert jpeg_size(out.getvalue()) == size

    @pytest.mark.parametrize("picture", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\x89PNG" + bytes(40)])
    def test_something_else_has_no_size(self, picture: bytes) -> None:
        assert jpeg_size(picture) == (0, 0)

    def test_huffman_tables_are_no_frame(self) -> None:
        tables = b"\xff\xc4\x00\x0b" + b"\x11" * 9
        frame = b"\xff\xc0\x00\x11\x08\x00\x05\x00\x06" + bytes(10)
        assert jpeg_size(b"\xff\xd8" + tables + frame) == (6, 5)


class TestParse:
    @pytest.mark.parametrize("message", EXAMPLES["to_server"], ids=json.dumps)
    def test_it_reads_every_example_whole(self, message: dict[str, Any]) -> None:
        parsed = parse(json.dumps(message))
        assert type(parsed) is CLASSES[message["type"]]
        for name in message.keys() - {"type", "video", "points"}:
            value = message[name]
            plain = tuple(value.values()) if isinstance(value, dict) else value
            assert getattr(parsed, name) == (tuple(plain) if isinstance(plain, list) else plain)
        if isinstance(parsed, messages.Touch):
            assert parsed.points == tuple((p["id"], p["x"], p["y"]) for p in message["points"])

    def test_there_is_an_example_of_every_type(self) -> None:
        assert {message["type"] for message in EXAMPLES["to_server"]} == CLASSES.keys()

    @pytest.mark.parametrize("message", EXAMPLES["refused_by_server"], ids=json.dumps)
    def test_it_refuses_what_the_examples_refuse(self, message: object) -> None:
        with pytest.raises(WireError):
            parse(json.dumps(message))

    def test_what_is_left_out_has_a_default(self) -> None:
        assert read(type="mouse", action="move", **POINT) == messages.Mouse(0, "move", 1, 2, "none", 0, 0, 0)
        assert read(type="wheel", **POINT) == messages.Wheel(0, 1, 2, 0, 0, 0)
        assert read(type="key", action="up", key="a") == messages.Key(0, "up", "a", "", "", 0, repeat=False)
        assert read(type="composition", text="abc") == messages.Composition(0, "abc", 3, 3)
        assert read(type="composition", text="abc", selection_end=1) == messages.Composition(0, "abc", 1, 1)
        assert read(type="tab", action="new") == messages.TabRequest(0, "new", 0, "")
        assert read(type="dialog", id=1, accept=False) == messages.DialogAnswer(0, 1, accept=False, text="")
        assert read(type="touch", action="end", points=[{"x": 1, "y": 2}]).points == ((0, 1, 2),)  # type: ignore[union-attr]

    def test_settings_say_what_was_given(self) -> None:
        assert read(type="settings", max_fps=None) == messages.Settings(frozenset({"type", "max_fps"}))
        assert read(type="settings", paused=True).given == {"type", "paused"}  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("seq", {"type": "ack"}),
            ("seq", {"type": "ack", "seq": -1}),
            ("seq", {"type": "ack", "seq": 2**32}),
            ("seq", {"type": "ack", "seq": True}),
            ("seq", {"type": "text", "text": "a", "seq": 1.5}),
            ("paused", {"type": "settings", "paused": 1}),
            ("max_fps", {"type": "settings", "max_fps": 0}),
            ("max_fps", {"type": "settings", "max_fps": 61}),
            ("action", {"type": "mouse", "action": "teleport", **POINT}),
            ("action", {"type": "mouse", "action": ["move"], **POINT}),
            ("x", {"type": "mouse", "action": "move", "x": "1", "y": 1}),
            ("x", {"type": "mouse", "action": "move", "x": True, "y": 1}),
            ("y", {"type": "mouse", "action": "move", "x": 1, "y": 1e7}),
            ("button", {"type": "mouse", "action": "down", **POINT, "button": "sixth"}),
            ("buttons", {"type": "mouse", "action": "down", **POINT, "buttons": 32}),
            ("click_count", {"type": "mouse", "action": "down", **POINT, "click_count": 101}),
            ("modifiers", {"type": "mouse", "action": "down", **POINT, "modifiers": 16}),
            ("x", {"type": "wheel", "y": 1}),
            ("dx", {"type": "wheel", **POINT, "dx": None}),
            ("dy", {"type": "wheel", **POINT, "dy": "far"}),
            ("action", {"type": "key", "key": "a"}),
            ("key", {"type": "key", "action": "down"}),
            ("key", {"type": "key", "action": "down", "key": "a" * 65}),
            ("code", {"type": "key", "action": "down", "key": "a", "code": 65}),
            ("text", {"type": "key", "action": "down", "key": "a", "text": "a" * 65}),
            ("repeat", {"type": "key", "action": "down", "key": "a", "repeat": "no"}),
            ("text", {"type": "text"}),
            ("text", {"type": "text", "text": "a" * (MAX_TEXT + 1)}),
            ("text", {"type": "composition", "text": 1}),
            ("selection_start", {"type": "composition", "text": "a", "selection_start": -1}),
            ("selection_end", {"type": "composition", "text": "a", "selection_end": "1"}),
            ("action", {"type": "touch", "action": "tap", "points": []}),
            ("points", {"type": "touch", "action": "start"}),
            ("points", {"type": "touch", "action": "start", "points": [1]}),
            ("points", {"type": "touch", "action": "start", "points": [POINT] * 11}),
            ("id", {"type": "touch", "action": "start", "points": [{**POINT, "id": "a"}]}),
            ("y", {"type": "touch", "action": "start", "points": [{"x": 1}]}),
            ("url", {"type": "navigate"}),
            ("action", {"type": "navigate", "action": "sideways", "url": "https://example.com"}),
            ("width", {"type": "resize", "width": 99, "height": 100}),
            ("height", {"type": "resize", "width": 100, "height": 4097}),
            ("action", {"type": "tab", "action": "hide"}),
            ("tab", {"type": "tab", "action": "close"}),
            ("tab", {"type": "tab", "action": "activate", "tab": 0}),
            ("url", {"type": "tab", "action": "new", "url": 7}),
            ("id", {"type": "dialog", "accept": True}),
            ("accept", {"type": "dialog", "id": 1}),
            ("text", {"type": "dialog", "id": 1, "accept": True, "text": 1}),
            ("id", {"type": "select", "index": 1}),
            ("index", {"type": "select", "id": 1, "index": -1}),
            ("index", {"type": "select", "id": 1, "index": "1"}),
            ("action", {"type": "file", "id": 1}),
            ("names", {"type": "file", "id": 1, "action": "choose", "names": ["a"] * 101}),
            ("names", {"type": "file", "id": 1, "action": "choose", "names": ["a" * 1001]}),
            ("data", {"type": "file", "id": 1, "action": "upload", "name": "a", "data": "a" * (1 << 20)}),
            ("name", {"type": "file", "id": 1, "action": "upload", "data": ""}),
            ("action", {"type": "control", "action": "steal"}),
            ("force", {"type": "control", "action": "take", "force": "yes"}),
            ("viewer", {"type": "control", "action": "grant"}),
            ("viewer", {"type": "control", "action": "deny", "viewer": "v" * 65}),
            ("type", {"type": "no-such-type"}),
            ("type", {"type": ["ack"]}),
            ("type", {}),
            ("an object with a type", [1]),
            ("not JSON", "{"),
            ("not JSON", b"\xff\xfe"),
            ("not JSON", "[" * 100_000),
        ],
    )
    def test_a_refusal_names_the_field(self, field: str, message: Any) -> None:
        data = message if isinstance(message, str | bytes) else json.dumps(message)
        with pytest.raises(WireError, match=rf"\b{field}\b"):
            parse(data)

    def test_a_refusal_shows_what_came_but_not_all_of_it(self) -> None:
        with pytest.raises(WireError, match=r"key must be text of at most 64 characters, not '(a{79})$"):
            read(type="key", action="down", key="a" * 500)
        with pytest.raises(WireError, match=r"text must be text of at most \d+ characters, not left out"):
            read(type="text")


class TestNotices:
    """What the engine says has the fields of the examples, in their order."""

    @pytest.fixture
    def tab(self) -> Tab:
        tab = FakeTabs().tab(url="https://example.com/", title="Example")
        tab.dialog = Dialog(id=1, kind="confirm", message="Leave?", default="", url="https://example.com/")
        return tab

    def test_every_notice(self, tab: Tab) -> None:
        viewer = Viewer("v1", role="control", name="guest")
        viewport = Viewport()
        hello = notices.hello(viewer, session_id="ses_1", name="", viewport=viewport, tab=tab)
        assert same(hello, "hello")
        assert same(notices.state(tab, viewport), "state")
        assert same(notices.tabs([tab], tab), "tabs")
        assert same(notices.control(viewer, Holder("person", "v1", "guest"), {}), "control")
        assert tab.dialog
        assert same(tab.dialog.as_message(is_open=True), "dialog")
        assert same(notices.stats(viewer, 2), "stats")
        assert same(notices.cursor("pointer"), "cursor")
        listed = OpenList(id=1, x=10, y=20, width=100, height=24, selected=0, options=OPTIONS)
        assert same(listed.as_message(is_open=True), "select")
        assert listed.as_message(is_open=False) in EXAMPLES["to_viewer"]
        ended = example("ended")
        assert same(notices.ended(ended["status"], ended["reason"], ended["message"]), "ended")
        assert same(
            notices.error("forbidden", "This link only views; it cannot control the session.", 3), "error"
        )

    def test_an_error_about_no_input_has_no_seq(self) -> None:
        assert "seq" not in notices.error("forbidden", "No.")

    def test_the_viewport_is_the_one_that_the_tab_has(self, tab: Tab) -> None:
        tab.size = (800, 600)
        viewport = notices.state(tab, Viewport(device_scale_factor=2))["viewport"]
        assert viewport == {"width": 800, "height": 600, "device_scale_factor": 2}

    def test_a_program_that_holds_control_is_no_viewer(self) -> None:
        viewer = Viewer("v1", role="view", name="guest")
        notice = notices.control(viewer, Holder("program", "key_1", "robot"), {"v2": "Bob"})
        assert notice["holder"] == {"kind": "program", "name": "robot", "viewer": None, "you": False}
        assert notice["requests"] == []

    def test_requests_are_for_who_decides(self) -> None:
        viewer, asked = Viewer("v1", role="control", name="Ada"), [{"viewer": "v2", "name": "Bob"}]
        held = Holder("person", "v1", "Ada")
        assert notices.control(viewer, held, {"v2": "Bob"})["requests"] == asked
        assert notices.control(viewer, None, {"v2": "Bob"})["requests"] == []
        viewer.operator = True
        assert notices.control(viewer, None, {"v2": "Bob"})["requests"] == asked
        assert notices.control(viewer, None, {})["holder"] is None
