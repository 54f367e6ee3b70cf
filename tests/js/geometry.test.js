import assert from "node:assert/strict";
import test from "node:test";
import { clamped, toPage, viewportFor } from "../../static/js/viewer/geometry.js";

const viewport = { width: 1280, height: 720 };

test("a point of a shrunk and shifted picture is the page's pixel under it", () => {
  const picture = { left: 100, top: 50, width: 640, height: 360 };
  assert.deepEqual(toPage({ clientX: 100, clientY: 50 }, picture, viewport), { x: 0, y: 0 });
  assert.deepEqual(toPage({ clientX: 420, clientY: 230 }, picture, viewport), { x: 640, y: 360 });
  assert.deepEqual(toPage({ clientX: 100.5, clientY: 50.25 }, picture, viewport), { x: 1, y: 0.5 });
});

test("the page's own scale counts, not the picture's pixels", () => {
  const picture = { left: 0, top: 0, width: 1000, height: 500 };
  assert.deepEqual(toPage({ clientX: 500, clientY: 250 }, picture, { width: 400, height: 200 }), {
    x: 200,
    y: 100,
  });
});

test("a point is rounded to a hundredth", () => {
  const picture = { left: 0, top: 0, width: 999, height: 777 };
  assert.deepEqual(toPage({ clientX: 100, clientY: 100 }, picture, viewport), { x: 128.13, y: 92.66 });
});

test("a picture that has no size yet maps to the corner", () => {
  const none = { left: 0, top: 0, width: 0, height: 0 };
  assert.deepEqual(toPage({ clientX: 9, clientY: 9 }, none, viewport), { x: 0, y: 0 });
});

test("outside the picture is the nearest pixel inside when clamped", () => {
  assert.deepEqual(clamped({ x: -5, y: 900 }, viewport), { x: 0, y: 719 });
  assert.deepEqual(clamped({ x: 5, y: 6 }, viewport), { x: 5, y: 6 });
});

test("a viewport for a stage stays within what the server takes", () => {
  assert.deepEqual(viewportFor({ width: 800.9, height: 600 }), { width: 800, height: 600 });
  assert.deepEqual(viewportFor({ width: 20, height: 9000 }), { width: 100, height: 4096 });
});
