import assert from "node:assert/strict";
import test from "node:test";
import { wanted } from "../../static/js/page/tabs.js";

test("arrows go round the tabs, Home and End to their ends", () => {
  const ways = [
    ["ArrowRight", 0, 1],
    ["ArrowRight", 2, 0],
    ["ArrowDown", 1, 2],
    ["ArrowLeft", 0, 2],
    ["ArrowUp", 2, 1],
    ["Home", 2, 0],
    ["End", 0, 2],
  ];
  for (const [key, at, to] of ways) assert.equal(wanted(key, at, 3), to, `${key} at ${at}`);
});

test("other keys lead nowhere", () => {
  for (const key of ["a", "Enter", " ", "Tab"]) assert.equal(wanted(key, 1, 3), -1, key);
});
