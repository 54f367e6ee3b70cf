import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { chunks, Keyboard } from "../../static/js/viewer/input/keyboard.js";
import { isMac, keyModifiers, meaningOf, textOf } from "../../static/js/viewer/input/keys.js";
import { Ledger } from "../../static/js/viewer/input/ledger.js";
import { Outbox } from "../../static/js/viewer/input/outbox.js";
import { FakeElement, FakeFrames, happen, keyFacts } from "./fakes.js";

const altGraph = (name) => name === "AltGraph";

test("only keys that type have a text", () => {
  const typed = (properties, mac = false) => textOf(keyFacts(properties), mac);
  assert.equal(typed({ key: "a" }), "a");
  assert.equal(typed({ key: "A", shiftKey: true }), "A");
  assert.equal(typed({ key: "😀" }), "😀");
  assert.equal(typed({ key: "Enter" }), "\r");
  assert.equal(typed({ key: "Enter", shiftKey: true }), "\r");
  for (const key of ["Backspace", "Tab", "ArrowLeft", "F1", "Shift"]) assert.equal(typed({ key }), "", key);
  assert.equal(typed({ key: "a", ctrlKey: true }), "");
  assert.equal(typed({ key: "a", metaKey: true }), "");
  assert.equal(typed({ key: "a", altKey: true }), "");
  assert.equal(typed({ key: "Enter", ctrlKey: true }), "");
});

test("AltGr types on Windows, where it counts as Ctrl and Alt", () => {
  const event = keyFacts({ key: "@", ctrlKey: true, altKey: true, getModifierState: altGraph });
  assert.equal(textOf(event, false), "@");
  assert.equal(keyModifiers(event, false), 0);
});

test("Option types on a Mac and is a modifier elsewhere", () => {
  const event = keyFacts({ key: "ø", altKey: true });
  assert.equal(textOf(event, true), "ø");
  assert.equal(keyModifiers(event, true), 0);
  assert.equal(keyModifiers(event, false), 1);
  assert.equal(textOf(keyFacts({ key: "v", altKey: true, metaKey: true }), true), "");
  assert.ok(isMac({ platform: "MacIntel" }));
  assert.ok(!isMac({ platform: "Linux x86_64" }));
});

test("each event means one thing", () => {
  const meanings = [
    [{ key: "a" }, "key"],
    [{ key: "Escape" }, "key"],
    [{ key: "Tab" }, "key"],
    [{ key: "c", ctrlKey: true }, "key"],
    [{ key: "v", ctrlKey: true }, "paste"],
    [{ key: "v", metaKey: true }, "paste"],
    [{ key: "V", ctrlKey: true, shiftKey: true }, "key"],
    [{ key: "Insert", shiftKey: true }, "paste"],
    [{ key: "R", ctrlKey: true }, "reload"],
    [{ key: "F5" }, "reload"],
    [{ key: "ArrowLeft", altKey: true }, "back"],
    [{ key: "ArrowRight", altKey: true }, "forward"],
    [{ key: "ArrowLeft" }, "key"],
    [{ key: "F11" }, "local"],
    [{ key: "F12" }, "local"],
    [{ key: "Dead" }, "compose"],
    [{ key: "Process" }, "compose"],
    [{ key: "a", isComposing: true }, "compose"],
    [{ key: "Unidentified", keyCode: 229 }, "compose"],
    [{ key: "Shift", ctrlKey: true, altKey: true, shiftKey: true }, "leave"],
    [{ key: "Control", ctrlKey: true, altKey: true, shiftKey: true }, "leave"],
    [{ key: "Shift", ctrlKey: true, altKey: true, shiftKey: true, getModifierState: altGraph }, "key"],
    [{ key: "x", ctrlKey: true, altKey: true, shiftKey: true }, "key"],
  ];
  for (const [properties, meaning] of meanings) {
    assert.equal(meaningOf(keyFacts(properties)), meaning, JSON.stringify(properties));
  }
});

function keyboard({ allowed = true, mac = false } = {}) {
  const textarea = new FakeElement();
  const sent = [];
  const left = [];
  const outbox = new Outbox((message) => sent.push(message), new FakeFrames());
  const delegate = { pressAllowed: () => allowed, leaveStage: () => left.push(true) };
  const device = new Keyboard(textarea, delegate, outbox, new Ledger(), mac);
  device.start();
  const press = (type, properties) => happen(textarea, type, keyFacts(properties));
  return { textarea, sent, left, device, press };
}

test("a key goes down, repeats and comes up", () => {
  const { sent, press } = keyboard();
  assert.ok(press("keydown", { key: "a", code: "KeyA" }).defaultPrevented);
  press("keydown", { key: "a", code: "KeyA", repeat: true });
  press("keyup", { key: "a", code: "KeyA" });
  assert.deepEqual(sent, [
    { type: "key", action: "down", key: "a", code: "KeyA", text: "a", modifiers: 0 },
    { type: "key", action: "down", key: "a", code: "KeyA", text: "a", modifiers: 0, repeat: true },
    { type: "key", action: "up", key: "a", code: "KeyA", modifiers: 0 },
  ]);
});

test("losing the focus lets go of every key", () => {
  const { sent, press, textarea } = keyboard();
  press("keydown", { key: "Control", code: "ControlLeft", ctrlKey: true });
  press("keydown", { key: "a", code: "KeyA", ctrlKey: true });
  happen(textarea, "blur");
  assert.deepEqual(
    sent.slice(2).map(({ action, code }) => [action, code]),
    [
      ["up", "KeyA"],
      ["up", "ControlLeft"],
    ],
  );
});

test("the way out lets go of what is held and sends no further key", () => {
  const { sent, left, press } = keyboard();
  press("keydown", { key: "Control", code: "ControlLeft", ctrlKey: true });
  press("keydown", { key: "Alt", code: "AltLeft", ctrlKey: true, altKey: true });
  press("keydown", { key: "Shift", code: "ShiftLeft", ctrlKey: true, altKey: true, shiftKey: true });
  press("keyup", { key: "Control", code: "ControlLeft" });
  assert.deepEqual(
    sent.map(({ action, code }) => [action, code]),
    [
      ["down", "ControlLeft"],
      ["down", "AltLeft"],
      ["up", "AltLeft"],
      ["up", "ControlLeft"],
    ],
  );
  assert.equal(left.length, 1);
});

test("pasting inserts the person's own text", () => {
  const { sent, press, textarea } = keyboard();
  assert.ok(!press("keydown", { key: "v", code: "KeyV", ctrlKey: true }).defaultPrevented);
  happen(textarea, "paste", { clipboardData: { getData: () => "Grüße" } });
  press("keyup", { key: "v", code: "KeyV", ctrlKey: true });
  assert.deepEqual(sent, [{ type: "text", text: "Grüße" }]);
});

test("after copying in the remote page, pasting means that copy, until the person looks away", () => {
  const { sent, press, textarea } = keyboard();
  press("keydown", { key: "c", code: "KeyC", ctrlKey: true });
  press("keyup", { key: "c", code: "KeyC", ctrlKey: true });
  assert.ok(press("keydown", { key: "v", code: "KeyV", ctrlKey: true }).defaultPrevented);
  assert.deepEqual(sent.at(-1), { type: "key", action: "down", key: "v", code: "KeyV", modifiers: 2 });
  happen(textarea, "blur");
  assert.ok(!press("keydown", { key: "v", code: "KeyV", ctrlKey: true }).defaultPrevented);
});

test("an input method's text is shown while unfinished and committed once", () => {
  const { sent, textarea } = keyboard();
  happen(textarea, "compositionstart", { data: "" });
  happen(textarea, "compositionupdate", { data: "に" });
  happen(textarea, "input", { inputType: "insertCompositionText", data: "に", isComposing: true });
  happen(textarea, "compositionupdate", { data: "日" });
  happen(textarea, "compositionend", { data: "日" });
  assert.deepEqual(sent, [
    { type: "composition", text: "に", selection_start: 1, selection_end: 1 },
    { type: "composition", text: "日", selection_start: 1, selection_end: 1 },
    { type: "text", text: "日" },
  ]);
});

test("an input method that is given up leaves nothing", () => {
  const { sent, textarea } = keyboard();
  happen(textarea, "compositionstart", { data: "" });
  happen(textarea, "compositionend", { data: "" });
  assert.deepEqual(sent, [{ type: "composition", text: "", selection_start: 0, selection_end: 0 }]);
});

test("a phone's keyboard types, deletes and breaks lines", () => {
  const { sent, textarea } = keyboard();
  happen(textarea, "input", { inputType: "insertText", data: "a" });
  happen(textarea, "input", { inputType: "deleteContentBackward", data: null });
  happen(textarea, "input", { inputType: "insertLineBreak", data: null });
  assert.deepEqual(
    sent.map(({ type, action, key, text }) => [type, action, key, text]),
    [
      ["text", undefined, undefined, "a"],
      ["key", "down", "Backspace", undefined],
      ["key", "up", "Backspace", undefined],
      ["key", "down", "Enter", "\r"],
      ["key", "up", "Enter", undefined],
    ],
  );
});

test("the browser's frame keys steer the remote page", () => {
  const { sent, press } = keyboard();
  press("keydown", { key: "F5", code: "F5" });
  press("keydown", { key: "ArrowLeft", code: "ArrowLeft", altKey: true });
  assert.deepEqual(sent, [
    { type: "navigate", action: "reload" },
    { type: "navigate", action: "back" },
  ]);
});

test("releasing Command on a Mac lets go of the keys whose release it hid", () => {
  const { sent, press } = keyboard({ mac: true });
  press("keydown", { key: "Meta", code: "MetaLeft", metaKey: true });
  press("keydown", { key: "a", code: "KeyA", metaKey: true });
  press("keyup", { key: "Meta", code: "MetaLeft" });
  assert.deepEqual(
    sent.slice(2).map(({ action, code }) => [action, code]),
    [
      ["up", "MetaLeft"],
      ["up", "KeyA"],
    ],
  );
});

test("a viewer that may not press types nothing", () => {
  const { sent, press, textarea } = keyboard({ allowed: false });
  press("keydown", { key: "a", code: "KeyA" });
  happen(textarea, "paste", { clipboardData: { getData: () => "x" } });
  happen(textarea, "compositionupdate", { data: "x" });
  happen(textarea, "compositionend", { data: "x" });
  assert.deepEqual(sent, []);
});

test("a long text is sent in pieces that break no character", () => {
  const long = `${"a".repeat(99_999)}😀${"b".repeat(10)}`;
  const pieces = [...chunks(long)];
  assert.deepEqual(
    pieces.map((piece) => piece.length),
    [99_999, 12],
  );
  assert.equal(pieces.join(""), long);
  assert.deepEqual([...chunks("")], []);
});

test("started and stopped three times, no listener is left over", () => {
  const { textarea, device } = keyboard();
  const count = () =>
    ["keydown", "keyup", "paste", "input", "blur"].map((t) => getEventListeners(textarea, t).length);
  const started = count();
  for (let round = 0; round < 3; round += 1) {
    device.stop();
    assert.deepEqual(count(), [0, 0, 0, 0, 0]);
    device.start();
    device.start();
    assert.deepEqual(count(), started);
  }
});
