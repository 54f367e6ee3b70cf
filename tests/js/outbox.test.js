import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../static/js/viewer/input/outbox.js";
import { key, mouse, wheel } from "../../static/js/viewer/wire.js";
import { FakeFrames } from "./fakes.js";

function outbox() {
  const sent = [];
  const frames = new FakeFrames();
  return { sent, frames, box: new Outbox((message) => sent.push(message), frames) };
}

const move = (x) => mouse("move", { x, y: 0 });
const scroll = (dy, modifiers = 0) => wheel({ x: 0, y: 0 }, { dx: 1, dy }, modifiers);

test("the first move after a pause goes out at once", () => {
  const { sent, box } = outbox();
  box.soon(move(1));
  assert.deepEqual(sent, [move(1)]);
});

test("moves of one animation frame become the last of them", () => {
  const { sent, box, frames } = outbox();
  for (const x of [1, 2, 3, 4]) box.soon(move(x));
  assert.deepEqual(sent, [move(1)]);
  frames.tick();
  assert.deepEqual(sent, [move(1), move(4)]);
});

test("scrolls of one animation frame add up", () => {
  const { sent, box, frames } = outbox();
  for (const dy of [10, 20, 30]) box.soon(scroll(dy));
  frames.tick();
  assert.deepEqual(sent, [scroll(10), { ...scroll(50), dx: 2 }]);
});

test("a waiting move goes out before a press", () => {
  const { sent, box, frames } = outbox();
  box.soon(move(1));
  box.soon(move(2));
  const press = mouse("down", { x: 2, y: 0 }, { button: "left", buttons: 1, clicks: 1 });
  box.now(press);
  assert.deepEqual(sent, [move(1), move(2), press]);
  frames.tick();
  assert.equal(sent.length, 3);
});

test("kinds and modifiers are not mixed, and their order is kept", () => {
  const { sent, box, frames } = outbox();
  box.soon(move(1));
  box.soon(move(2));
  box.soon(scroll(5));
  box.soon(scroll(6, 2));
  box.now(key("down", { key: "a", code: "KeyA" }));
  assert.deepEqual(
    sent.map((message) => message.type),
    ["mouse", "mouse", "wheel", "wheel", "key"],
  );
  frames.tick();
  assert.equal(sent.length, 5);
});

test("idle, no animation frame is asked for", () => {
  const { box, frames } = outbox();
  box.soon(move(1));
  frames.tick();
  assert.equal(frames.waiting, 0);
  box.soon(move(2));
  box.soon(move(3));
  frames.tick();
  assert.equal(frames.waiting, 1, "moves go on, so does the beat");
  frames.tick();
  assert.equal(frames.waiting, 0);
});

test("cleared, it sends nothing more", () => {
  const { sent, box, frames } = outbox();
  box.soon(move(1));
  box.soon(move(2));
  box.clear();
  frames.tick();
  assert.deepEqual(sent, [move(1)]);
  assert.equal(frames.waiting, 0);
});
