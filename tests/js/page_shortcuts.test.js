import assert from "node:assert/strict";
import test from "node:test";
import { isFree } from "../../static/js/page/shortcuts.js";

const bare = { altKey: false, ctrlKey: false, metaKey: false, repeat: false, isComposing: false };
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
