import assert from "node:assert/strict";
import test from "node:test";
import { ClickCounter } from "../../static/js/viewer/input/clicks.js";
import { Ledger } from "../../static/js/viewer/input/ledger.js";

test("held keys come back once, the last pressed first", () => {
  const ledger = new Ledger();
  ledger.keyDown({ key: "Shift", code: "ShiftLeft" });
  ledger.keyDown({ key: "A", code: "KeyA" });
  assert.deepEqual(ledger.takeKeys(), [
    { key: "A", code: "KeyA" },
    { key: "Shift", code: "ShiftLeft" },
  ]);
  assert.deepEqual(ledger.takeKeys(), []);
});

test("a key goes up under the name with which it went down", () => {
  const ledger = new Ledger();
  ledger.keyDown({ key: "A", code: "KeyA" });
  assert.deepEqual(ledger.keyUp({ key: "a", code: "KeyA" }), { key: "A", code: "KeyA" });
  assert.equal(ledger.keyUp({ key: "a", code: "KeyA" }), null);
});

test("a key without a code is known by its name", () => {
  const ledger = new Ledger();
  ledger.keyDown({ key: "Enter", code: "" });
  assert.deepEqual(ledger.keyUp({ key: "Enter", code: "" }), { key: "Enter", code: "" });
});

test("a button keeps the click count of its press", () => {
  const ledger = new Ledger();
  ledger.buttonDown("left", 2);
  ledger.buttonDown("right", 1);
  assert.equal(ledger.dragButton, "left");
  assert.equal(ledger.buttonUp("left"), 2);
  assert.equal(ledger.buttonUp("left"), null);
  assert.deepEqual(ledger.takeButtons(), [{ button: "right", clicks: 1 }]);
  assert.equal(ledger.buttonHeld, false);
  assert.equal(ledger.dragButton, "none");
});

const press = (clientX, timeStamp) => ({ clientX, clientY: 10, timeStamp });

test("presses near in place and time count up to a triple click, then start over", () => {
  const clicks = new ClickCounter();
  assert.deepEqual(
    [press(10, 0), press(12, 300), press(11, 700), press(11, 1000)].map((at) => clicks.press("left", at)),
    [1, 2, 3, 1],
  );
});

test("a press far away, late or with another button is a first click", () => {
  const clicks = new ClickCounter();
  clicks.press("left", press(10, 0));
  assert.equal(clicks.press("left", press(20, 100)), 1);
  assert.equal(clicks.press("left", press(20, 700)), 1);
  assert.equal(clicks.press("right", press(20, 800)), 1);
});
