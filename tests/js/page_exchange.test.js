import assert from "node:assert/strict";
import test from "node:test";
import { headers, read, stretches } from "../../static/js/page/inspect/exchange.js";

const NONE = { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: 4, receive: 1 };

test("where the time went, one stretch after the other", () => {
  const found = stretches({ blocked: 2, dns: 1, connect: 4, ssl: 3, send: 0, wait: 12.4, receive: 0.6 });
  assert.deepEqual(
    found.map(({ name, ms }) => [name, ms]),
    [
      ["Queued", "2.0 ms"],
      ["DNS", "1.0 ms"],
      ["Connecting", "4.0 ms"],
      ["of it TLS", "3.0 ms"],
      ["Sending", "0.0 ms"],
      ["Waiting", "12 ms"],
      ["Receiving", "0.6 ms"],
    ],
  );
  const [, , connecting, tls, , waiting] = found;
  assert.deepEqual([connecting.from, connecting.share], [0.15, 0.2]);
  assert.deepEqual([tls.from, tls.share], [0.2, 0.15]);
  assert.equal(waiting.from, 0.35);
});

test("what did not happen is left out", () => {
  assert.deepEqual(
    stretches(NONE).map(({ name }) => name),
    ["Sending", "Waiting", "Receiving"],
  );
  const none = stretches({ send: 0, wait: 0, receive: 0 });
  assert.deepEqual(
    none.map(({ share }) => share),
    [0, 0, 0],
  );
});

test("headers are pairs", () => {
  assert.deepEqual(headers({ headers: [{ name: "A", value: "b", comment: "c" }] }), [["A", "b"]]);
});

test("a request is read from the session's HAR", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (address) => {
    asked.push(address);
    return Response.json({ log: { entries: [{ timings: NONE }] } });
  });
  assert.deepEqual(await read("/har", "a b"), { timings: NONE });
  assert.deepEqual(asked, ["/har?request=a%20b"]);
});

test("what is not kept any more and what cannot be read are told apart", async (t) => {
  const mock = t.mock.method(globalThis, "fetch", async () => new Response("", { status: 404 }));
  await assert.rejects(read("/har", "x"), /newest 1,000/);
  await assert.rejects(read("/har", ""), /newest 1,000/);
  mock.mock.mockImplementation(async () => new Response("", { status: 500 }));
  await assert.rejects(read("/har", "x"), /could not be read/);
  mock.mock.mockImplementation(async () => {
    throw new TypeError("no network");
  });
  await assert.rejects(read("/har", "x"), /could not be read/);
});
