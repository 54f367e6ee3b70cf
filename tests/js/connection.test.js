import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { backoff, CAP_MS, verdictOnClose } from "../../static/js/viewer/backoff.js";
import { Connection } from "../../static/js/viewer/connection.js";
import { TicketRefused, ticketSource } from "../../static/js/viewer/ticket.js";
import { FakeClock, FakeWebSocket, settled } from "./fakes.js";

beforeEach(() => {
  FakeWebSocket.made = [];
});

const HELLO = { type: "hello", protocol: 1 };

/** A connection whose jitter is always half of the step, and whose tickets are numbered. */
function connection(fetchTicket) {
  const clock = new FakeClock();
  const states = [];
  const messages = [];
  const frames = [];
  let tickets = 0;
  const nextTicket = async () => {
    tickets += 1;
    return `ws://host/${tickets}`;
  };
  const made = new Connection(
    {
      connectionChanged: (state, detail) => states.push({ state, ...detail }),
      messageReceived: (message) => messages.push(message.type),
      frameReceived: (data) => frames.push(data),
    },
    {
      fetchTicket: fetchTicket ?? nextTicket,
      WebSocket: FakeWebSocket,
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      random: () => 0.5,
      now: clock.now,
    },
  );
  return { connection: made, clock, states, messages, frames, names: () => states.map(({ state }) => state) };
}

async function connected() {
  const parts = connection();
  parts.connection.start();
  await settled();
  FakeWebSocket.made[0].says(HELLO);
  return parts;
}

test("the wait is anything up to a doubling, capped step, above the floor", () => {
  assert.equal(
    backoff(0, () => 0),
    0,
  );
  assert.equal(
    backoff(0, () => 1),
    500,
  );
  assert.equal(
    backoff(2, () => 1),
    2000,
  );
  assert.equal(
    backoff(50, () => 1),
    CAP_MS,
  );
  assert.equal(
    backoff(0, () => 1, 3000),
    3500,
  );
});

test("each close code has its consequence", () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 1012, 4401, 4408]) {
    assert.deepEqual(verdictOnClose(code), { next: "reconnect", floor: 0 }, String(code));
  }
  assert.deepEqual(verdictOnClose(4429), { next: "reconnect", floor: 3000 });
  assert.equal(verdictOnClose(4403).next, "refused");
  assert.equal(verdictOnClose(4404).next, "refused");
  assert.equal(verdictOnClose(4410).next, "ended");
});

test("hello makes it connected, and messages and frames pass through", async () => {
  const { connection: made, messages, frames, names } = await connected();
  const socket = FakeWebSocket.made[0];
  assert.equal(socket.url, "ws://host/1");
  assert.equal(socket.binaryType, "arraybuffer");
  socket.says({ type: "state" });
  const frame = new ArrayBuffer(4);
  socket.says(frame);
  made.send("x");
  assert.deepEqual(names(), ["connecting", "connected"]);
  assert.deepEqual(messages, ["hello", "state"]);
  assert.deepEqual(frames, [frame]);
  assert.deepEqual(socket.sent, ["x"]);
});

test("nothing is sent before hello", async () => {
  const { connection: made } = connection();
  made.start();
  await settled();
  made.send("x");
  assert.deepEqual(FakeWebSocket.made[0].sent, []);
});

test("a lost socket is replaced by a new one with a new ticket", async () => {
  const { clock, states, names } = await connected();
  FakeWebSocket.made[0].dies(1006);
  assert.deepEqual(names(), ["connecting", "connected", "reconnecting"]);
  assert.equal(states.at(-1).attempt, 1);
  assert.equal(states.at(-1).retryAt, clock.time + 250);
  clock.pass(250);
  assert.equal(states.at(-1).retryAt, null);
  await settled();
  assert.deepEqual(
    FakeWebSocket.made.map(({ url }) => url),
    ["ws://host/1", "ws://host/2"],
  );
  FakeWebSocket.made[1].says(HELLO);
  assert.equal(names().at(-1), "connected");
});

test("the wait grows with each failure and starts over after a hello", async () => {
  const { clock, states } = await connected();
  const waits = [];
  for (let round = 0; round < 3; round += 1) {
    FakeWebSocket.made.at(-1).dies(1006);
    waits.push(states.at(-1).retryAt - clock.time);
    clock.pass(10_000);
    await settled();
  }
  assert.deepEqual(waits, [250, 500, 1000]);
  FakeWebSocket.made.at(-1).says(HELLO);
  FakeWebSocket.made.at(-1).dies(1012);
  assert.equal(states.at(-1).retryAt - clock.time, 250);
});

test("what an old socket still says is not heard", async () => {
  const { connection: made, messages, names } = await connected();
  made.renew();
  await settled();
  FakeWebSocket.made[0].says({ type: "state" });
  FakeWebSocket.made[0].dies(4410);
  assert.deepEqual(messages, ["hello"]);
  assert.equal(names().at(-1), "reconnecting");
  assert.equal(FakeWebSocket.made[0].closedWith, 1000);
});

test("somebody who looks again ends the wait", async () => {
  const { connection: made, clock } = await connected();
  made.retryNow();
  assert.equal(FakeWebSocket.made.length, 1, "nothing to do while connected");
  FakeWebSocket.made[0].dies(1001);
  made.retryNow();
  await settled();
  assert.equal(FakeWebSocket.made.length, 2);
  clock.pass(9_000);
  await settled();
  assert.equal(FakeWebSocket.made.length, 2, "the ended wait does not fire as well");
});

test("the message that a session ended is the last word", async () => {
  const { connection: made, states, clock } = await connected();
  FakeWebSocket.made[0].says({ type: "ended", status: "released", reason: "released", message: "Bye." });
  FakeWebSocket.made[0].dies(4410);
  assert.deepEqual([states.at(-1).state, states.at(-1).text], ["ended", "Bye."]);
  made.retryNow();
  made.renew();
  clock.pass(60_000);
  assert.equal(FakeWebSocket.made.length, 1);
  assert.equal(clock.waiting, 0);
});

test("a forbidden socket is not tried again", async () => {
  const { clock, names } = await connected();
  FakeWebSocket.made[0].dies(4403);
  clock.pass(60_000);
  assert.equal(names().at(-1), "refused");
  assert.equal(FakeWebSocket.made.length, 1);
});

test("a server that cannot be reached is tried again", async () => {
  const { connection: made, names } = connection(async () => {
    throw new TypeError("fetch failed");
  });
  made.start();
  await settled();
  assert.deepEqual(names(), ["connecting", "reconnecting"]);
});

test("a refused ticket is final", async () => {
  const { connection: made, states } = connection(async () => {
    throw new TicketRefused({ next: "refused", title: "Expired", text: "Too late." });
  });
  made.start();
  await settled();
  assert.deepEqual([states.at(-1).state, states.at(-1).title], ["refused", "Expired"]);
});

test("a session in the queue is waited for, and connects by itself", async () => {
  const queued = new TicketRefused({ next: "waiting", title: "In the queue", text: "Soon." });
  const answers = [queued, queued];
  const {
    connection: made,
    clock,
    states,
    names,
  } = connection(async () => {
    const refusal = answers.shift();
    if (refusal) throw refusal;
    return "ws://host/1";
  });
  made.start();
  await settled();
  assert.deepEqual([states.at(-1).state, states.at(-1).title], ["waiting", "In the queue"]);
  for (const _ of [1, 2]) {
    clock.pass(1_000);
    await settled();
  }
  assert.deepEqual(names(), ["connecting", "waiting", "waiting"]);
  FakeWebSocket.made[0].says(HELLO);
  assert.equal(names().at(-1), "connected");
});

test("a wait ends for good when the session does", async () => {
  const answers = [
    new TicketRefused({ next: "waiting", title: "In the queue", text: "Soon." }),
    new TicketRefused({ next: "ended", title: "Session ended", text: "It was released." }),
  ];
  const {
    connection: made,
    clock,
    names,
  } = connection(async () => {
    throw answers.shift();
  });
  made.start();
  await settled();
  clock.pass(1_000);
  await settled();
  assert.deepEqual(names(), ["connecting", "waiting", "ended"]);
  assert.equal(clock.waiting, 0);
});

test("an attempt that hangs is given up", async () => {
  const { connection: made, clock, names } = connection();
  made.start();
  await settled();
  clock.pass(10_000);
  assert.equal(FakeWebSocket.made[0].closedWith, 1000);
  assert.deepEqual(names(), ["connecting", "reconnecting"]);
});

test("stopped, it stays silent and leaves no timer", async () => {
  const { connection: made, clock, names } = await connected();
  FakeWebSocket.made[0].dies(1006);
  made.stop();
  made.stop();
  clock.pass(60_000);
  made.start();
  assert.equal(made.state, "stopped");
  assert.equal(clock.waiting, 0);
  assert.deepEqual(names(), ["connecting", "connected", "reconnecting"]);
});

test("stopped while the ticket is on its way, it opens no socket", async () => {
  const { connection: made } = connection();
  made.start();
  made.stop();
  await settled();
  assert.deepEqual(FakeWebSocket.made, []);
});

/** @param {number} status */
function answering(status, body = {}, headers = { "Content-Type": "application/problem+json" }) {
  const asked = [];
  const fetch = async (url, options) => {
    asked.push({ url, ...options });
    return new Response(JSON.stringify(body), { status, headers });
  };
  return { asked, fetch };
}

const { signal } = new AbortController();
const section = (dataset) => ({ dataset: { ticketUrl: "/t", ...dataset } });

test("the live page shows the token that stands in the address now", async () => {
  const { asked, fetch } = answering(200, { url: "ws://x" });
  const location = { hash: "#one" };
  const source = ticketSource(section({ tokenFromFragment: "" }), { fetch, location });
  assert.equal(await source(signal), "ws://x");
  location.hash = "#two";
  await source(signal);
  assert.deepEqual(
    asked.map(({ url, method, body }) => [url, method, body]),
    [
      ["/t", "POST", '{"token":"one"}'],
      ["/t", "POST", '{"token":"two"}'],
    ],
  );
  assert.equal("X-CSRFToken" in asked[0].headers, false);
});

test("the operator's page shows its CSRF token", async () => {
  const { asked, fetch } = answering(200, { url: "ws://x" });
  await ticketSource(section({ csrfToken: "c" }), { fetch, location: { hash: "#no" } })(signal);
  assert.equal(asked[0].headers["X-CSRFToken"], "c");
  assert.equal(asked[0].body, "{}");
});

async function verdictFor(...answer) {
  const { fetch } = answering(...answer);
  const source = ticketSource(section({}), { fetch, location: { hash: "" } });
  const error = await source(signal).catch((reason) => reason);
  assert.ok(error instanceof TicketRefused);
  return error.verdict;
}

test("an expired link says what the server says", async () => {
  const problem = { title: "Link expired", detail: "It expired.", code: "link_expired" };
  assert.deepEqual(await verdictFor(410, problem), {
    next: "refused",
    title: "Link expired",
    text: "It expired.",
  });
});

test("an ended session is ended, not refused", async () => {
  const verdict = await verdictFor(410, { title: "Gone", detail: "released", code: "session_ended" });
  assert.deepEqual(verdict, { next: "ended", title: "Session ended", text: "released" });
});

test("a refusal without words gets ours", async () => {
  for (const status of [401, 403, 404, 410, 418]) {
    const verdict = await verdictFor(status, "", { "Content-Type": "text/html" });
    assert.equal(verdict.next, "refused");
    assert.ok(verdict.title && verdict.text);
  }
});

test("what may pass is tried again, not before the server wants it", async () => {
  for (const status of [409, 425, 500, 503]) {
    assert.deepEqual(await verdictFor(status), { next: "reconnect", floor: 0 }, String(status));
  }
  assert.deepEqual(await verdictFor(429, {}, { "Retry-After": "7" }), { next: "reconnect", floor: 7000 });
  assert.deepEqual(await verdictFor(429, {}, {}), { next: "reconnect", floor: 500 });
});

test("a session that will start by itself is waited for, in words", async () => {
  for (const code of ["session_queued", "session_starting"]) {
    const verdict = await verdictFor(409, { title: "Conflict", detail: "session not running yet", code });
    assert.equal(verdict.next, "waiting");
    assert.ok(verdict.title && verdict.text && !verdict.text.includes("not running"));
  }
});

test("a redirect to the login page is no ticket", async () => {
  const fetch = async () => ({ ok: false, type: "opaqueredirect", status: 0, headers: new Headers() });
  const error = await ticketSource(section({}), { fetch, location: { hash: "" } })(signal).catch((e) => e);
  assert.equal(error.verdict.next, "refused");
});
