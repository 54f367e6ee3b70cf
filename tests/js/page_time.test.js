import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { ago, clock, day, exact, reading, timeOfDay } from "../../static/js/page/time.js";

const table = JSON.parse(readFileSync(new URL("../fixtures/times.json", import.meta.url), "utf8"));

test("moments and durations read as the server writes them", () => {
  for (const [seconds, words] of table.ago) assert.equal(ago(seconds), words, `ago(${seconds})`);
  for (const [seconds, words] of table.clock) assert.equal(clock(seconds), words, `clock(${seconds})`);
});

test("a duration counts up from its moment, a deadline down to it", () => {
  assert.equal(reading("since", 1000, 1065), "1:05");
  assert.equal(reading("until", 1065, 1000), "1:05");
  assert.equal(reading("until", 1000, 1065), "0:00");
});

test("a moment long past is a date", () => {
  const at = Date.UTC(2026, 0, 31) / 1000;
  assert.equal(reading("ago", at, at + 60), "1 min ago");
  assert.equal(reading("ago", at + 12 * 3600, at + 400 * 24 * 3600), "2026-01-31");
});

test("an exact moment is told in the person's zone", () => {
  const at = Date.UTC(2026, 0, 31, 23, 4, 5) / 1000;
  assert.equal(exact(at, "UTC"), "2026-01-31 23:04:05 UTC");
  assert.match(exact(at, "Asia/Tokyo"), /^2026-02-01 08:04:05 \S+$/);
  assert.equal(day(at, "Asia/Tokyo"), "2026-02-01");
  assert.equal(timeOfDay(at, "Asia/Kolkata"), "04:34:05");
});
