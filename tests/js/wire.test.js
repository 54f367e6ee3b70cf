import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as wire from "../../static/js/viewer/wire.js";

const fixture = JSON.parse(readFileSync(new URL("../fixtures/wire.json", import.meta.url), "utf8"));

/** @param {string} hex */
const bytesOf = (hex) => Uint8Array.from(Buffer.from(hex, "hex")).buffer;

test("a frame's header and picture are read as the server packs them", () => {
  const message = bytesOf(fixture.frame.message_hex);
  const frame = wire.parseFrame(message);
  const { header } = fixture.frame;
  assert.deepEqual(
    {
      format: frame.format,
      seq: frame.seq,
      input_seq: frame.inputSeq,
      captured_at: frame.capturedAt,
      width: frame.width,
      height: frame.height,
      tab: frame.tab,
      flags: frame.flags,
    },
    header,
  );
  assert.equal(Buffer.from(frame.picture).toString("hex"), fixture.frame.picture_hex);
  assert.equal(frame.picture.buffer, message, "the picture is a view, not a copy");
  assert.equal(frame.bytes, message.byteLength);
});

test("what is no frame of this protocol is no frame", () => {
  assert.equal(wire.parseFrame(new ArrayBuffer(31)), null);
  assert.equal(wire.parseFrame(bytesOf(fixture.frame.message_hex.replace(/^5146/, "5147"))), null);
  assert.equal(wire.parseFrame(bytesOf(fixture.frame.message_hex.replace(/^514601/, "514602"))), null);
});

test("only an object with a type is a message", () => {
  for (const message of fixture.to_viewer) {
    assert.deepEqual(wire.parseMessage(JSON.stringify(message)), message);
  }
  for (const text of ["", "null", "1", "[]", '{"kind":"hello"}', '{"type":1}', "{"]) {
    assert.equal(wire.parseMessage(text), null, text);
  }
});

test("every message to the server is built as the fixture has it", () => {
  const at = { x: 10, y: 20 };
  const left = { key: "ArrowLeft", code: "ArrowLeft" };
  const built = [
    wire.ack(42),
    wire.settings({ paused: true }),
    wire.settings({ max_fps: 30 }),
    wire.settings({ fit: { width: 1092, height: 614 } }),
    wire.settings({ fit: null }),
    wire.settings({ max_fps: null, video: ["vp8", "h264"] }),
    wire.mouse("move", { x: 10.5, y: 20 }),
    wire.mouse("down", at, { button: "left", buttons: 1, clicks: 2, modifiers: 8 }),
    wire.mouse("up", at, { button: "left", clicks: 2, modifiers: 8 }),
    wire.wheel(at, { dx: 0, dy: 120 }, 0),
    wire.key("down", { key: "a", code: "KeyA" }, { text: "a" }),
    wire.key("down", left, { modifiers: 2, repeat: true }),
    wire.key("up", left, { modifiers: 2 }),
    wire.text("Grüße 日本"),
    wire.composition("にほ"),
    wire.touch("start", [{ id: 1, x: 5, y: 6 }], 0),
    wire.touch("end", [], 0),
    wire.navigate({ url: "https://example.com/" }),
    wire.navigate({ action: "back" }),
    wire.resize(1024, 768),
    wire.tab({ action: "new", url: "https://example.com/" }),
    wire.tab({ action: "activate", tab: 2 }),
    wire.tab({ action: "close", tab: 2 }),
    wire.dialog(1, true, "yes"),
    wire.select(1, 2),
    wire.select(1, null),
    wire.file.choose(1, ["downloads/a.pdf", "b.txt"]),
    wire.file.upload(1, "b.txt", "aGVsbG8=", true),
    wire.file.cancel(1),
    wire.control({ action: "take" }),
    wire.control({ action: "take", force: true }),
    wire.control({ action: "release" }),
    wire.control({ action: "request" }),
    wire.control({ action: "grant", viewer: "v2" }),
    wire.control({ action: "deny", viewer: "v2" }),
  ];
  assert.equal(built.length, fixture.to_server.length);
  for (const [place, message] of built.entries()) {
    const { seq: _, ...unnumbered } = fixture.to_server[place];
    assert.deepEqual(message, message.type === "ack" ? fixture.to_server[place] : unnumbered);
  }
});

test("buttons and their bits follow the DOM's numbering", () => {
  assert.deepEqual(wire.BUTTONS, ["left", "middle", "right", "back", "forward"]);
  assert.deepEqual(wire.BUTTON_BITS, [1, 4, 2, 8, 16]);
});

test("modifiers add up", () => {
  const all = { altKey: true, ctrlKey: true, metaKey: true, shiftKey: true };
  assert.equal(wire.modifiersOf(all), 15);
  assert.equal(wire.modifiersOf({ ...all, altKey: false, metaKey: false }), 10);
});
