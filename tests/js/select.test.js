import assert from "node:assert/strict";
import test from "node:test";
import { fromPage, placed } from "../../static/js/viewer/geometry.js";
import { found, moved, runsOf, TypeAhead } from "../../static/js/viewer/options.js";

/** Options from their labels; "-" marks a disabled one, "Group/" its group. */
const options = (...labels) =>
  labels.map((words) => ({
    label: words.replace(/^-/, "").replace(/^.*\//, ""),
    group: words.includes("/") ? words.replace(/^-/, "").replace(/\/.*/, "") : "",
    disabled: words.startsWith("-"),
  }));

test("the arrows go past disabled options and stop at the ends", () => {
  const list = options("-Choose", "One", "-Two", "Three", "-Four");
  assert.equal(moved(list, 1, "ArrowDown"), 3);
  assert.equal(moved(list, 3, "ArrowUp"), 1);
  assert.equal(moved(list, 3, "ArrowDown"), 3);
  assert.equal(moved(list, 1, "ArrowUp"), 1);
});

test("Home and End go to the first and the last that can be chosen, from anywhere", () => {
  const list = options("-Choose", "One", "Two", "-Three");
  for (const from of [-1, 0, 1, 2]) {
    assert.equal(moved(list, from, "Home"), 1);
    assert.equal(moved(list, from, "End"), 2);
  }
});

test("a page is ten options that can be chosen, or what is left", () => {
  const list = options(...Array.from({ length: 30 }, (_, at) => `${at === 5 ? "-" : ""}Option ${at}`));
  assert.equal(moved(list, 0, "PageDown"), 11);
  assert.equal(moved(list, 11, "PageUp"), 0);
  assert.equal(moved(list, 25, "PageDown"), 29);
  assert.equal(moved(list, 3, "PageUp"), 0);
});

test("without a highlight the arrow down begins at the top", () => {
  assert.equal(moved(options("-Choose", "One"), -1, "ArrowDown"), 1);
  assert.equal(moved(options("One"), -1, "ArrowUp"), -1);
});

test("where nothing can be chosen, and for other keys, the highlight stays", () => {
  assert.equal(moved(options("-One", "-Two"), 0, "ArrowDown"), 0);
  assert.equal(moved([], -1, "End"), -1);
  assert.equal(moved(options("One", "Two"), 0, "Shift"), 0);
});

test("letters find the next option that begins with them, whatever their case", () => {
  const list = options("Austria", "Belgium", "-Brazil", "  bulgaria", "Österreich");
  assert.equal(found(list, -1, "B"), 1);
  assert.equal(found(list, 0, "bu"), 3);
  assert.equal(found(list, 0, "ö"), 4);
  assert.equal(found(list, 3, "a"), 0, "on from the end to the top");
  assert.equal(found(list, 1, "x"), 1);
  assert.equal(found(list, 1, "br"), 1, "a disabled option is not found");
  assert.equal(found([], -1, "a"), -1);
});

test("typing on keeps an option that still fits", () => {
  const list = options("India", "Indonesia", "Indonesia, west");
  assert.equal(found(list, 1, "indo"), 1);
});

test("the same letter again goes from one to the next", () => {
  const list = options("Iceland", "India", "Ireland", "Japan");
  assert.equal(found(list, 0, "ii"), 1);
  assert.equal(found(list, 1, "iii"), 2);
  assert.equal(found(list, 2, "iiii"), 0);
});

test("a pause begins a new word", () => {
  const typing = new TypeAhead();
  assert.ok(!typing.goesOn(10));
  assert.equal(typing.add("s", 10), "s");
  assert.ok(typing.goesOn(900));
  assert.equal(typing.add("o", 900), "so");
  assert.ok(!typing.goesOn(1900));
  assert.equal(typing.add("u", 1900), "u");
});

test("options are cut where their group changes", () => {
  const list = options("All", "Europe/Austria", "Europe/Belgium", "-Asia/Japan", "Other");
  assert.deepEqual(runsOf(list), [
    { group: "", from: 0, to: 1 },
    { group: "Europe", from: 1, to: 3 },
    { group: "Asia", from: 3, to: 4 },
    { group: "", from: 4, to: 5 },
  ]);
  assert.deepEqual(runsOf([]), []);
});

test("a box of the page lies on its scaled picture", () => {
  const picture = { left: 10, top: 20, width: 640, height: 360 };
  const box = { left: 100, top: 200, width: 300, height: 40 };
  assert.deepEqual(fromPage(box, picture, { width: 1280, height: 720 }), {
    left: 60,
    top: 120,
    width: 150,
    height: 20,
  });
});

const stage = { width: 800, height: 600 };

test("a list hangs below its box", () => {
  const box = { left: 100, top: 50, width: 120, height: 30 };
  assert.deepEqual(placed(box, stage, { width: 200, height: 300 }), { left: 100, top: 80, height: 300 });
});

test("a list goes above its box where there is more room", () => {
  const box = { left: 100, top: 540, width: 120, height: 30 };
  assert.deepEqual(placed(box, stage, { width: 200, height: 300 }), { left: 100, top: 240, height: 300 });
});

test("a list that fits on neither side takes the larger one and scrolls", () => {
  const low = { left: 0, top: 400, width: 120, height: 30 };
  assert.deepEqual(placed(low, stage, { width: 200, height: 2000 }), { left: 4, top: 4, height: 396 });
  const high = { left: 0, top: 100, width: 120, height: 30 };
  assert.deepEqual(placed(high, stage, { width: 200, height: 2000 }), { left: 4, top: 130, height: 466 });
});

test("a list stays on the stage, whatever its box does", () => {
  const list = { width: 200, height: 100 };
  assert.equal(placed({ left: 700, top: 0, width: 90, height: 30 }, stage, list).left, 596);
  assert.equal(placed({ left: -50, top: 0, width: 90, height: 30 }, stage, list).left, 4);
  const below = placed({ left: 0, top: 900, width: 90, height: 30 }, stage, list);
  assert.deepEqual([below.top, below.height], [500, 100]);
  const above = placed({ left: 0, top: -300, width: 90, height: 30 }, stage, list);
  assert.deepEqual([above.top, above.height], [0, 100]);
});
