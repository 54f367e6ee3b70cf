import assert from "node:assert/strict";
import test from "node:test";
import { KINDS, Stream } from "../../static/js/page/inspect/stream.js";

class FakeSource extends EventTarget {
  readyState = 1;
  closed = false;
  listeners = 0;

  constructor(address) {
    super();
    this.address = address;
  }

  addEventListener(...how) {
    this.listeners++;
    super.addEventListener(...how);
  }

  removeEventListener(...how) {
    this.listeners--;
    super.removeEventListener(...how);
  }

  close() {
    this.closed = true;
  }

  tell(id, kind, data = {}) {
    const at = "2026-11-20T13:00:00Z";
    this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify({ id, at, kind, data }) }));
  }
}

function made(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sources = [];
  const received = [];
  const states = [];
  const stream = new Stream("/events", {
    receive: (entries) => received.push(entries.map(({ id }) => id)),
    say: (state) => states.push(state),
    open: (address) => {
      sources.push(new FakeSource(address));
      return sources.at(-1);
    },
  });
  stream.start();
  return { stream, sources, received, states, wait: () => t.mock.timers.tick(50) };
}

test("entries that come together are handed on together, in order", (t) => {
  const { sources, received, wait } = made(t);
  for (const [at, kind] of KINDS.entries()) sources[0].tell(at + 1, kind);
  assert.deepEqual(received, []);
  wait();
  assert.deepEqual(received, [KINDS.map((_, at) => at + 1)]);
  wait();
  assert.equal(received.length, 1);
});

test("who looks again goes on where it was left, and nothing comes twice", (t) => {
  const { stream, sources, received, wait } = made(t);
  sources[0].tell(1, "console");
  sources[0].tell(2, "console");
  stream.stop();
  assert.deepEqual(received, [[1, 2]]);
  assert.ok(sources[0].closed);
  assert.equal(sources[0].listeners, 0);
  stream.stop();
  stream.start();
  stream.start();
  assert.deepEqual(
    sources.map(({ address }) => address),
    ["/events?after=0", "/events?after=2"],
  );
  sources[1].tell(2, "console");
  sources[1].tell(3, "console");
  wait();
  assert.deepEqual(received, [[1, 2], [3]]);
});

test("the session's last entry ends it for good", (t) => {
  const { stream, sources, received, states } = made(t);
  sources[0].dispatchEvent(new Event("open"));
  assert.deepEqual(states, [], "an open stream that has told nothing is still being read");
  sources[0].tell(1, "lifecycle", { status: "running" });
  sources[0].tell(2, "lifecycle", { status: "released", reason: "released" });
  assert.deepEqual(received, [[1, 2]]);
  assert.deepEqual(states, ["live", "over"]);
  stream.start();
  assert.equal(sources.length, 1);
});

test("a broken connection is said and left to the browser, which tries again", (t) => {
  const { sources, states } = made(t);
  sources[0].readyState = 0;
  sources[0].dispatchEvent(new Event("error"));
  sources[0].dispatchEvent(new Event("open"));
  assert.deepEqual(states, ["broken", "live"]);
  assert.ok(!sources[0].closed);
});

test("an entry that is called error is no broken connection", (t) => {
  const { sources, received, states, wait } = made(t);
  sources[0].tell(1, "error", { text: "Uncaught" });
  wait();
  assert.deepEqual([received, states], [[[1]], ["live"]]);
});

test("a refused stream may be asked for again", (t) => {
  const { stream, sources, states } = made(t);
  sources[0].readyState = 2;
  sources[0].dispatchEvent(new Event("error"));
  assert.deepEqual(states, ["refused"]);
  assert.ok(stream.isRefused);
  stream.start();
  assert.equal(sources.length, 2);
  sources[1].dispatchEvent(new Event("open"));
  assert.ok(!stream.isRefused);
});

test("a stream of an ended session that closes has told everything", (t) => {
  const { stream, sources, states } = made(t);
  stream.hasEnded = true;
  sources[0].readyState = 0;
  sources[0].dispatchEvent(new Event("error"));
  assert.deepEqual(states, ["over"]);
  assert.ok(sources[0].closed);
});
