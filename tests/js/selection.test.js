import assert from "node:assert/strict";
import test from "node:test";
import { Selection, stepTo } from "../../static/js/page/selection.js";

const ORDER = ["a", "b", "c", "d"];

test("one after the other is chosen and no longer", () => {
  const selection = new Selection();
  selection.toggle("a");
  selection.toggle("c");
  assert.deepEqual(selection.ids, ["a", "c"]);
  selection.toggle("a");
  assert.deepEqual(selection.ids, ["c"]);
  selection.toggle("c", true);
  assert.equal(selection.size, 1);
});

test("a range goes from the last one toggled, either way, and adds to the rest", () => {
  const selection = new Selection();
  selection.toggle("d");
  selection.extend("b", ORDER);
  assert.deepEqual(selection.ids.sort(), ["b", "c", "d"]);
  selection.extend("a", ORDER);
  assert.equal(selection.size, 4);
});

test("a range without a beginning is the one itself", () => {
  const selection = new Selection();
  selection.extend("c", ORDER);
  assert.deepEqual(selection.ids, ["c"]);
});

test("what has gone is no longer chosen", () => {
  const selection = new Selection();
  selection.replace(ORDER);
  selection.keep(["b", "d", "e"]);
  assert.deepEqual(selection.ids, ["b", "d"]);
  assert.equal(selection.has("a"), false);
});

test("keys lead from one to the next, a row up or down on a wall, and stop at the ends", () => {
  assert.equal(stepTo("j", -1, 9, 4), 0);
  assert.equal(stepTo("j", 0, 9, 4), 1);
  assert.equal(stepTo("k", 0, 9, 4), 0);
  assert.equal(stepTo("ArrowDown", 1, 9, 4), 5);
  assert.equal(stepTo("ArrowDown", 7, 9, 4), 8);
  assert.equal(stepTo("ArrowUp", 5, 9, 4), 1);
  assert.equal(stepTo("ArrowLeft", 5, 9, 4), 4);
});

test("in a table there is nothing beside, and other keys lead nowhere", () => {
  assert.equal(stepTo("ArrowRight", 0, 9, 1), null);
  assert.equal(stepTo("ArrowDown", 0, 9, 1), 1);
  assert.equal(stepTo("q", 0, 9, 4), null);
  assert.equal(stepTo("j", 0, 0, 1), null);
});
