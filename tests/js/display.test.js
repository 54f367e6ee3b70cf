import assert from "node:assert/strict";
import test from "node:test";
import { Display } from "../../static/js/viewer/display.js";
import { FakeElement, settled } from "./fakes.js";

/** A display whose decoder finishes a picture when the test says so. */
function display() {
  const log = [];
  const decoding = [];
  const canvas = new FakeElement();
  canvas.getContext = () => ({ drawImage: ({ name }) => log.push(`draw ${name}`) });
  const decode = (blob) =>
    new Promise((resolve, reject) => {
      decoding.push({
        blob,
        reject,
        done: (bitmap) => resolve({ ...bitmap, close: () => log.push("close") }),
      });
    });
  const made = new Display(canvas, { frameDrawn: (frame) => log.push(`drawn ${frame.seq}`) }, decode);
  const finish = async (name, width = 4, height = 2) => {
    decoding.shift().done({ name, width, height });
    await settled();
  };
  return { made, canvas, log, decoding, finish };
}

const frame = (seq, format = 1) => ({ seq, format, picture: new Uint8Array([1, 2, 3]) });

test("a frame counts as drawn after its pixels, and its bitmap is closed", async () => {
  const { made, log, finish } = display();
  made.show(frame(1));
  assert.deepEqual(log, []);
  await finish("a");
  assert.deepEqual(log, ["draw a", "drawn 1", "close"]);
});

test("while one is decoded only the newest of the others is kept", async () => {
  const { made, log, decoding, finish } = display();
  for (const seq of [1, 2, 3, 4]) made.show(frame(seq));
  assert.equal(decoding.length, 1);
  await finish("a");
  await finish("d");
  assert.deepEqual(
    log.filter((line) => line !== "close"),
    ["draw a", "drawn 1", "draw d", "drawn 4"],
  );
  assert.equal(decoding.length, 0);
});

test("the picture is decoded as what it is", () => {
  const { made, decoding } = display();
  made.show(frame(1, 2));
  assert.equal(decoding[0].blob.type, "image/png");
  assert.equal(decoding[0].blob.size, 3);
});

test("the canvas takes a new size only when the picture has one", async () => {
  const { made, canvas, finish } = display();
  const widths = [];
  Object.defineProperty(canvas, "width", { get: () => widths.at(-1), set: (width) => widths.push(width) });
  for (const [place, width] of [4, 4, 8].entries()) {
    made.show(frame(place + 1));
    await finish("a", width);
  }
  assert.deepEqual(widths, [4, 8]);
});

test("a broken picture does not hold up the stream", async () => {
  const { made, log, decoding, finish } = display();
  made.show(frame(1));
  made.show(frame(2));
  decoding.shift().reject(new Error("no JPEG"));
  await settled();
  await finish("b");
  assert.deepEqual(log, ["drawn 1", "draw b", "drawn 2", "close"]);
});

test("after a reset nothing of before is drawn", async () => {
  const { made, log, finish } = display();
  made.show(frame(7));
  made.show(frame(8));
  made.reset();
  made.show(frame(1));
  await finish("old");
  await finish("new");
  assert.deepEqual(log, ["close", "draw new", "drawn 1", "close"]);
});
