import assert from "node:assert/strict";
import { test } from "node:test";

import { Fit } from "../../static/js/viewer/fit.js";
import { FakeClock } from "./fakes.js";

function fit(clientWidth = 1000, clientHeight = 500, pixelRatio = 1) {
  const clock = new FakeClock();
  const picture = { clientWidth, clientHeight };
  const told = [];
  const watched = [];
  class FakeResizeObserver {
    constructor(run) {
      this.observe = () => watched.push(run);
      this.disconnect = () => watched.splice(0);
    }
  }
  const made = new Fit(picture, (size) => told.push(size), {
    ResizeObserver: FakeResizeObserver,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    pixelRatio: () => pixelRatio,
  });
  made.start();
  const resize = (width, height) => {
    Object.assign(picture, { clientWidth: width, clientHeight: height });
    for (const run of watched) run();
  };
  return { made, told, clock, resize };
}

test("a socket's address says how large the picture is shown, in device pixels", () => {
  assert.equal(fit(1000, 500, 1.5).made.addTo("ws://x/?ticket=t"), "ws://x/?ticket=t&fit=1500x750");
  assert.equal(fit(0, 0).made.addTo("ws://x/?ticket=t"), "ws://x/?ticket=t");
});

test("a window that is dragged is told of once, when it has come to rest", () => {
  const { made, told, clock, resize } = fit();
  made.addTo("ws://x/?ticket=t");
  for (const width of [900, 800, 700]) {
    resize(width, width / 2);
    clock.pass(100);
  }
  assert.deepEqual(told, []);
  clock.pass(200);
  assert.deepEqual(told, [{ width: 700, height: 350 }]);
});

test("a pixel more or less is no other size, and neither is none at all", () => {
  const { made, told, clock, resize } = fit();
  made.addTo("ws://x/?ticket=t");
  for (const [width, height] of [
    [1001, 499],
    [0, 0],
    [1000, 500],
  ]) {
    resize(width, height);
    clock.pass(200);
  }
  assert.deepEqual(told, []);
});

test("nothing is told any more once it has stopped", () => {
  const { made, told, clock, resize } = fit();
  resize(700, 350);
  made.stop();
  clock.pass(200);
  resize(600, 300);
  clock.pass(200);
  assert.deepEqual(told, []);
});
