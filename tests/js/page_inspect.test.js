import assert from "node:assert/strict";
import test from "node:test";
import { hasFailed, passes, TAKES, typeOf } from "../../static/js/page/inspect/filters.js";
import { KINDS } from "../../static/js/page/inspect/stream.js";
import {
  details,
  duration,
  nameOf,
  outcome,
  place,
  sentence,
  size,
} from "../../static/js/page/inspect/words.js";
import { fileName } from "../../static/js/page/shots.js";

const entry = (kind, data) => ({ id: 1, at: "2026-11-20T13:00:00Z", kind, data });
const log = (level, text = "hello") =>
  entry("console", { level, text, url: "http://a.test/js/app.js", line: 7 });
const request = (data) =>
  entry("network", { method: "GET", url: "http://a.test/x", type: "Fetch", status: 200, ...data });

test("an entry says what happened", () => {
  const said = [
    ["lifecycle", { status: "running" }, "Running"],
    ["lifecycle", { status: "starting", by: "Ada" }, "Starting, by Ada"],
    ["lifecycle", { status: "expired", reason: "idle_timeout" }, "Expired: idle timeout"],
    ["lifecycle", { status: "released", reason: "released" }, "Released"],
    ["lifecycle", { what: "restarted" }, "Its browser was started again"],
    ["navigation", { tab: 2, url: "http://a.test/" }, "Tab 2: http://a.test/"],
    ["tab", { what: "crashed", tab: 1, url: "http://a.test/" }, "Tab 1 crashed: http://a.test/"],
    ["viewer", { what: "joined", name: "Ada", role: "control" }, "Ada joined, may control"],
    ["viewer", { what: "left", name: "", role: "control" }, "Somebody left"],
    ["control", { holder: { name: "Ada" }, previous: null }, "Ada took control"],
    ["control", { holder: null, previous: { name: "Ada" } }, "Ada gave control back"],
    ["label", { labels: { team: "red", done: "" }, by: "Ada" }, "team: red, done, by Ada"],
    ["label", { labels: {} }, "All removed"],
    ["dialog", { kind: "alert", message: "Ahoy", tab: 1 }, "alert in tab 1: Ahoy"],
    ["dialog", { what: "opened", kind: "alert", message: "Ahoy", tab: 1 }, "alert in tab 1: Ahoy"],
    [
      "dialog",
      { what: "closed", kind: "prompt", tab: 1, accepted: true, text: "me", by: "Ada" },
      "prompt in tab 1 accepted by Ada: me",
    ],
    [
      "dialog",
      { what: "closed", kind: "confirm", tab: 1, accepted: false, text: "", by: null },
      "confirm in tab 1 dismissed",
    ],
    [
      "download",
      { what: "canceled", name: "a.pdf", bytes: 1200, why: "too_large" },
      "a.pdf: canceled, 1.2 kB, the session's files have no room for it",
    ],
    ["download", { what: "completed", name: "a.pdf", bytes: 1200 }, "a.pdf: completed, 1.2 kB"],
    ["error", { text: "Uncaught" }, "Uncaught"],
    ["network", { what: "dropped", count: 7 }, "7 passed over: more than is kept"],
    ["later", { some: 1 }, '{"some":1}'],
  ];
  for (const [kind, data, words] of said) assert.equal(sentence(entry(kind, data)), words);
});

test("each kind of entry has a log of its own, and errors two", () => {
  const takers = (kind) => Object.keys(TAKES).filter((name) => TAKES[name](kind));
  assert.deepEqual(takers("console"), ["console"]);
  assert.deepEqual(takers("network"), ["network"]);
  assert.deepEqual(takers("error"), ["timeline", "console"]);
  assert.deepEqual(takers("performance"), []);
  for (const kind of KINDS) assert.ok(takers(kind).length, kind);
});

test("a level asks for what is as grave", () => {
  const levels = ["debug", "log", "info", "warning", "error"];
  const shown = (wanted) => levels.filter((level) => passes(log(level), { level: wanted }));
  assert.deepEqual(shown(""), levels);
  assert.deepEqual(shown("info"), ["log", "info", "warning", "error"]);
  assert.deepEqual(shown("warning"), ["warning", "error"]);
  assert.deepEqual(shown("error"), ["error"]);
  assert.ok(passes(entry("error", { text: "x" }), { level: "error" }));
});

test("a text is looked for in words, addresses and errors, whatever its case", () => {
  assert.ok(passes(log("log", "Hello World"), { text: " hello w" }));
  assert.ok(passes(log("log"), { text: "APP.js" }));
  assert.ok(passes(request({ error: "net::ERR_ABORTED" }), { text: "err_ab" }));
  assert.ok(passes(request({ status: 404 }), { text: "404" }));
  assert.ok(!passes(log("log"), { text: "null" }));
  assert.ok(!passes(request({ status: null }), { text: "null" }));
});

test("requests are found by type, and those that failed", () => {
  const types = {
    XHR: "fetch",
    Fetch: "fetch",
    EventSource: "fetch",
    Document: "document",
    Ping: "other",
    "": "other",
  };
  for (const [type, group] of Object.entries(types)) assert.equal(typeOf(request({ type })), group, type);
  assert.ok(passes(request({ type: "XHR" }), { type: "fetch", failed: "", text: "" }));
  assert.ok(!passes(request({ type: "XHR" }), { type: "image" }));
  const failed = (data) => hasFailed(request(data));
  assert.deepEqual(
    [failed({ status: 399 }), failed({ status: 400 }), failed({ error: "no" })],
    [false, true, true],
  );
  // What became a download.
  const aborted = (status) => failed({ status, error: "net::ERR_ABORTED" });
  assert.deepEqual([aborted(200), aborted(null), aborted(500)], [false, true, true]);
  assert.ok(!passes(request({}), { failed: "1" }));
});

test("every filter must let an entry through", () => {
  assert.ok(passes(log("error", "boom"), { level: "error", text: "boom" }));
  assert.ok(!passes(log("error", "boom"), { level: "error", text: "bang" }));
  assert.ok(!passes(log("log", "boom"), { level: "error", text: "boom" }));
  assert.ok(passes(entry("tab", {}), { kind: "tab" }));
  assert.ok(!passes(entry("tab", {}), { kind: "viewer" }));
});

test("a request is called by the end of its path", () => {
  const names = {
    "http://a.test/": "a.test",
    "http://a.test/?q=1": "a.test?q=1",
    "http://a.test/js/app.js?v=2#x": "app.js?v=2",
    "http://a.test/caf%C3%A9/": "café",
    "http://a.test/%": "%",
    "data:text/plain,x": "data:text/plain,x",
    "no address": "no address",
  };
  for (const [url, name] of Object.entries(names)) assert.equal(nameOf(url), name);
});

test("sizes and durations are short", () => {
  const sizes = [null, 0, 999, 1000, 12_345, 2_500_000].map(size);
  assert.deepEqual(sizes, ["", "0 B", "999 B", "1.0 kB", "12 kB", "2.5 MB"]);
  assert.deepEqual([undefined, 0, 999, 1500, 61_000].map(duration), ["", "0 ms", "999 ms", "1.5 s", "61 s"]);
});

test("a request says what came of it", () => {
  assert.equal(outcome({ status: 204 }), "204");
  assert.equal(outcome({ status: null, error: "refused" }), "failed");
  assert.equal(outcome({ status: 200, error: "broken off" }), "failed");
  assert.equal(outcome({ status: 200, error: "net::ERR_ABORTED" }), "200");
  assert.equal(outcome({ status: null, error: "net::ERR_ABORTED" }), "failed");
  assert.equal(outcome({ status: null }), "–");
});

test("where it happened", () => {
  assert.equal(place({ url: "http://a.test/js/app.js", line: 7 }), "app.js:7");
  assert.equal(place({ url: "http://a.test/js/app.js" }), "app.js");
  assert.equal(place({ source: "network" }), "network");
  assert.equal(place({}), "");
});

test("the details of a request leave out what is not known", () => {
  const known = details(request({ bytes: 0, ms: null, cached: false, tab: 1, mime: "", error: null }));
  assert.deepEqual(
    known.map(([name]) => name),
    ["Address", "Method", "Status", "Type", "Size", "Tab"],
  );
  assert.deepEqual(Object.fromEntries(known).Size, "0 B");
});

test("a screenshot's file says of what and when", () => {
  assert.equal(fileName("shop", new Date(2026, 0, 2, 3, 4, 5)), "shop-2026-01-02-030405.png");
});
