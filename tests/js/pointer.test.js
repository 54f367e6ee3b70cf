import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { Ledger } from "../../static/js/viewer/input/ledger.js";
import { Outbox } from "../../static/js/viewer/input/outbox.js";
import { Pointer } from "../../static/js/viewer/input/pointer.js";
import { Touch } from "../../static/js/viewer/input/touch.js";
import { inPixels, Wheel } from "../../static/js/viewer/input/wheel.js";
import { FakeElement, FakeFrames, happen } from "./fakes.js";

function stage({ press = true, hover = true } = {}) {
  const canvas = new FakeElement();
  const sent = [];
  const frames = new FakeFrames();
  const outbox = new Outbox((message) => sent.push(message), frames);
  const delegate = {
    pressAllowed: () => press,
    hoverAllowed: () => hover,
    pagePoint: ({ clientX, clientY }, inside) =>
      inside ? { x: Math.max(clientX, 0), y: Math.max(clientY, 0) } : { x: clientX, y: clientY },
    pageHeight: () => 700,
    stagePressed: () => undefined,
  };
  const devices = [
    new Pointer(canvas, delegate, outbox, new Ledger()),
    new Touch(canvas, delegate, outbox),
    new Wheel(canvas, delegate, outbox),
  ];
  for (const device of devices) device.start();
  return { canvas, sent, frames, outbox, devices };
}

const at = (clientX, clientY, more = {}) => ({
  pointerType: "mouse",
  pointerId: 1,
  clientX,
  clientY,
  ...more,
});
const told = (sent) =>
  sent.map(({ action, button, buttons, click_count }) => [action, button, buttons, click_count]);

test("a click is a press and a release with its count", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", at(5, 6, { button: 0, buttons: 1, shiftKey: true }));
  happen(canvas, "pointerup", at(5, 6, { button: 0, buttons: 0 }));
  assert.deepEqual(told(sent), [
    ["down", "left", 1, 1],
    ["up", "left", 0, 1],
  ]);
  assert.equal(sent[0].modifiers, 8);
  assert.deepEqual([sent[0].x, sent[0].y], [5, 6]);
  assert.deepEqual(canvas.captured, [1]);
});

test("a second button arrives as a move and is told apart", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", at(1, 1, { button: 0, buttons: 1 }));
  happen(canvas, "pointermove", at(1, 1, { button: 2, buttons: 3 }));
  happen(canvas, "pointermove", at(1, 1, { button: 2, buttons: 1 }));
  happen(canvas, "pointerup", at(1, 1, { button: 0, buttons: 0 }));
  assert.deepEqual(told(sent), [
    ["down", "left", 1, 1],
    ["down", "right", 3, 1],
    ["up", "right", 1, 1],
    ["up", "left", 0, 1],
  ]);
});

test("the side buttons are back and forward", () => {
  const { canvas, sent } = stage();
  for (const [button, buttons] of [
    [3, 8],
    [4, 16],
  ]) {
    happen(canvas, "pointerdown", at(1, 1, { button, buttons }));
    happen(canvas, "pointerup", at(1, 1, { button, buttons: 0 }));
  }
  assert.deepEqual(
    sent.map(({ button }) => button),
    ["back", "back", "forward", "forward"],
  );
});

test("a drag goes on outside the picture and names its button", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", at(5, 5, { button: 0, buttons: 1 }));
  happen(canvas, "pointermove", at(-40, 5, { button: -1, buttons: 1 }));
  happen(canvas, "pointerup", at(-50, 5, { button: 0, buttons: 0 }));
  assert.deepEqual(
    sent.map(({ action, x, button }) => [action, x, button]),
    [
      ["down", 5, "left"],
      ["move", -40, "left"],
      ["up", -50, "left"],
    ],
  );
});

test("the moves before a press arrive before it, the last one whole", () => {
  const { canvas, sent } = stage();
  for (const x of [1, 2, 3]) happen(canvas, "pointermove", at(x, 0, { button: -1, buttons: 0 }));
  happen(canvas, "pointerdown", at(3, 0, { button: 0, buttons: 1 }));
  assert.deepEqual(
    sent.map(({ action, x }) => [action, x]),
    [
      ["move", 1],
      ["move", 3],
      ["down", 3],
    ],
  );
});

test("what is held is let go when the pointer is lost", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", at(7, 8, { button: 0, buttons: 1 }));
  happen(canvas, "pointercancel", at(0, 0));
  assert.deepEqual(told(sent).at(-1), ["up", "left", 0, 1]);
  assert.deepEqual([sent.at(-1).x, sent.at(-1).y], [7, 8]);
});

test("a viewer that may not press sends nothing at all", () => {
  const { canvas, sent, frames } = stage({ press: false, hover: false });
  happen(canvas, "pointermove", at(1, 1, { button: -1, buttons: 0 }));
  happen(canvas, "pointerdown", at(1, 1, { button: 0, buttons: 1 }));
  happen(canvas, "pointerup", at(1, 1, { button: 0, buttons: 0 }));
  happen(canvas, "pointerdown", { ...at(1, 1), pointerType: "touch" });
  happen(canvas, "wheel", { deltaX: 0, deltaY: 10, deltaMode: 0, clientX: 1, clientY: 1 });
  frames.tick();
  assert.deepEqual(sent, []);
});

test("passing over may be forbidden while clicking is not", () => {
  const { canvas, sent } = stage({ hover: false });
  happen(canvas, "pointermove", at(1, 1, { button: -1, buttons: 0 }));
  assert.deepEqual(sent, []);
  happen(canvas, "pointerdown", at(1, 1, { button: 0, buttons: 1 }));
  assert.equal(sent.length, 1);
});

test("the browser's own answers to the mouse are held back", () => {
  const { canvas } = stage();
  for (const type of ["mousedown", "mouseup", "auxclick", "contextmenu", "dragstart"]) {
    assert.ok(happen(canvas, type).defaultPrevented, type);
  }
  const event = happen(canvas, "wheel", { deltaX: 0, deltaY: 1, deltaMode: 0, clientX: 0, clientY: 0 });
  assert.ok(event.defaultPrevented);
});

const finger = (pointerId, x) => ({ ...at(x, 0), pointerId: 1_000_000 * pointerId, pointerType: "touch" });

test("every touch message holds all fingers that are down", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", finger(1, 10));
  happen(canvas, "pointerdown", finger(2, 20));
  happen(canvas, "pointermove", finger(2, 25));
  happen(canvas, "pointerup", finger(1, 10));
  happen(canvas, "pointerup", finger(2, 25));
  assert.deepEqual(
    sent.map(({ action, points }) => [action, points.map(({ id, x }) => [id, x])]),
    [
      ["start", [[1, 10]]],
      [
        "start",
        [
          [1, 10],
          [2, 20],
        ],
      ],
      [
        "move",
        [
          [1, 10],
          [2, 25],
        ],
      ],
      ["move", [[2, 25]]],
      ["end", []],
    ],
  );
});

test("a cancelled touch lets go of all fingers once", () => {
  const { canvas, sent } = stage();
  happen(canvas, "pointerdown", finger(1, 10));
  happen(canvas, "pointercancel", finger(1, 10));
  happen(canvas, "pointercancel", finger(1, 10));
  assert.deepEqual(
    sent.map(({ action }) => action),
    ["start", "cancel"],
  );
});

test("lines and pages of a wheel become pixels", () => {
  assert.deepEqual(inPixels({ deltaX: 1, deltaY: 2, deltaMode: 0 }, 700), { dx: 1, dy: 2 });
  assert.deepEqual(inPixels({ deltaX: 0, deltaY: 3, deltaMode: 1 }, 700), { dx: 0, dy: 120 });
  assert.deepEqual(inPixels({ deltaX: 0, deltaY: -1, deltaMode: 2 }, 700), { dx: 0, dy: -700 });
});

test("started and stopped three times, no listener is left over", () => {
  const { canvas, devices } = stage();
  const types = [
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "wheel",
    "mousedown",
    "contextmenu",
  ];
  const count = () => types.map((type) => getEventListeners(canvas, type).length);
  const started = count();
  for (let round = 0; round < 3; round += 1) {
    for (const device of devices) device.start();
    assert.deepEqual(count(), started);
    for (const device of devices) device.stop();
    for (const device of devices) device.stop();
    assert.deepEqual(
      count(),
      types.map(() => 0),
    );
    for (const device of devices) device.start();
  }
});
