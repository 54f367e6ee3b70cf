import assert from "node:assert/strict";
import test from "node:test";
import { addShortcut, caps, isFree, shortcuts } from "../../static/js/page/shortcuts.js";

const bare = { altKey: false, ctrlKey: false, metaKey: false, isComposing: false };
/** @param {boolean} within */
const place = (within) => /** @type {any} */ ({ closest: () => (within ? {} : null) });

test("a bare key outside of every field is a shortcut", () => {
  assert.equal(isFree({ ...bare, target: place(false) }), true);
  assert.equal(isFree({ ...bare, target: null }), true);
});

test("keys that mean something where they are pressed are left alone", () => {
  assert.equal(isFree({ ...bare, target: place(true) }), false);
  for (const name of Object.keys(bare)) {
    assert.equal(isFree({ ...bare, [name]: true, target: place(false) }), false, name);
  }
});

test("who switched single keys off has none", (context) => {
  const document = { documentElement: { dataset: { keys: "off" } } };
  Object.assign(globalThis, { document });
  context.after(() => Reflect.deleteProperty(globalThis, "document"));
  assert.equal(isFree({ ...bare, target: null }), false);
});

test("a key is written as it is on the keyboard", () => {
  assert.deepEqual(caps("n"), ["n"]);
  assert.deepEqual(caps("X"), ["Shift", "x"]);
  assert.deepEqual(caps("?"), ["?"]);
  assert.deepEqual(caps("ArrowDown"), ["↓"]);
  assert.deepEqual(caps("g m"), ["g", "m"]);
  assert.deepEqual(caps("Ctrl+Alt+Shift"), ["Ctrl", "Alt", "Shift"]);
});

test("what modules add stands in the list before what the markup names", () => {
  addShortcut({ keys: ["j", "ArrowDown"], words: "Next" });
  const page = /** @type {any} */ ({ querySelectorAll: () => [] });
  assert.deepEqual(
    shortcuts(page).map(({ words }) => words),
    ["Next"],
  );
});
