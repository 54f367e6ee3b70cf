import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { Feed, unpack } from "../../static/js/page/feed.js";
import { FakeClock, FakeWebSocket, settled } from "./fakes.js";

/** @param {object} about @param {number[]} jpeg */
function packed(about, jpeg) {
  const header = new TextEncoder().encode(JSON.stringify(about));
  const message = new Uint8Array(4 + header.length + jpeg.length);
  new DataView(message.buffer).setUint32(0, header.length, true);
  message.set(header, 4);
  message.set(jpeg, 4 + header.length);
  return message.buffer;
}

function made() {
  const clock = new FakeClock();
  const heard = { pictures: [], changed: 0, states: [] };
  const listener = {
    picture: async (id, jpeg) => heard.pictures.push([id, [...jpeg]]),
    changed: () => {
      heard.changed += 1;
    },
    state: (connected) => heard.states.push(connected),
  };
  const platform = {
    WebSocket: FakeWebSocket,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    random: () => 1,
  };
  return { clock, heard, feed: new Feed("ws://here/ws/wall", listener, platform) };
}

const newest = () => FakeWebSocket.made.at(-1);
const said = () => newest().sent.map((text) => JSON.parse(text));

beforeEach(() => {
  FakeWebSocket.made = [];
});

test("a message holds a header and a picture", () => {
  const { id, seq, jpeg } = unpack(packed({ id: "ses_é", seq: 7 }, [1, 2, 3]));
  assert.deepEqual([id, seq, [...jpeg]], ["ses_é", 7, [1, 2, 3]]);
});

test("a picture is confirmed once it is drawn", async () => {
  const { feed, heard } = made();
  feed.start();
  newest().says({ type: "hello" });
  newest().says(packed({ id: "ses_1", seq: 1 }, [9]));
  assert.deepEqual(heard.pictures, [["ses_1", [9]]]);
  assert.equal(said().length, 1);
  await settled();
  assert.deepEqual(said()[1], { type: "ack", seq: 1 });
});

test("what is on the screen is said when it changes, and again to each new socket", () => {
  const { feed, clock, heard } = made();
  feed.start();
  feed.watch(["a"]);
  newest().says({ type: "hello" });
  feed.watch(["a"]);
  feed.watch(["a", "b"]);
  assert.deepEqual(
    said().map(({ ids }) => ids),
    [["a"], ["a"], ["a", "b"]],
  );
  newest().dies(1006);
  clock.pass(20_000);
  assert.equal(FakeWebSocket.made.length, 2);
  newest().says({ type: "hello" });
  assert.deepEqual(said(), [{ type: "watch", ids: ["a", "b"] }]);
  assert.deepEqual(heard.states, [true, false, true]);
});

test("word of a change is passed on", () => {
  const { feed, heard } = made();
  feed.start();
  newest().says({ type: "changed" });
  assert.equal(heard.changed, 1);
});

test("stopped, it is closed and stays so; started again, it is a new one", () => {
  const { feed, clock, heard } = made();
  feed.start();
  feed.start();
  const first = newest();
  feed.stop();
  feed.stop();
  assert.equal(first.closedWith, 1000);
  first.dies(1000);
  first.says({ type: "changed" });
  clock.pass(60_000);
  assert.equal(FakeWebSocket.made.length, 1);
  assert.equal(heard.changed, 0);
  feed.start();
  assert.equal(FakeWebSocket.made.length, 2);
});

test("tries are further and further apart until one succeeds", () => {
  const { feed, clock } = made();
  feed.start();
  const waits = [500, 1000, 2000, 4000];
  for (const [index, wait] of waits.entries()) {
    newest().dies(1006);
    clock.pass(wait - 1);
    assert.equal(FakeWebSocket.made.length, index + 1);
    clock.pass(1);
    assert.equal(FakeWebSocket.made.length, index + 2);
  }
  newest().says({ type: "hello" });
  newest().dies(1006);
  clock.pass(500);
  assert.equal(FakeWebSocket.made.length, waits.length + 2);
});
