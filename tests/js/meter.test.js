import assert from "node:assert/strict";
import test from "node:test";
import { Meter, median } from "../../static/js/viewer/meter.js";

const frame = (inputSeq = 0, bytes = 1024) => ({ inputSeq, bytes });

test("frames and kilobytes are those of the last second", () => {
  const meter = new Meter();
  for (let at = 0; at < 2000; at += 20) meter.frameDrawn(frame(), at);
  assert.deepEqual(meter.read(1999), { fps: 50, kilobytes: 50, latency: null });
  assert.deepEqual(meter.read(5000), { fps: 0, kilobytes: 0, latency: null });
});

test("an input's time ends with the first frame that shows it", () => {
  const meter = new Meter();
  meter.inputSent(1, 100);
  meter.inputSent(2, 110);
  meter.frameDrawn(frame(0), 115);
  assert.equal(meter.read(115).latency, null);
  meter.frameDrawn(frame(1), 120);
  assert.equal(meter.read(120).latency, 20);
  meter.frameDrawn(frame(2), 140);
  assert.equal(meter.read(140).latency, 25);
});

test("one frame may show several inputs", () => {
  const meter = new Meter();
  for (const seq of [1, 2, 3]) meter.inputSent(seq, seq * 10);
  meter.frameDrawn(frame(3), 40);
  assert.equal(meter.read(40).latency, 20);
});

test("an input that changed nothing does not spoil the figure", () => {
  const meter = new Meter();
  meter.inputSent(1, 0);
  meter.frameDrawn(frame(1), 30_000);
  assert.equal(meter.read(30_000).latency, null);
});

test("the figure is the median of the last twenty", () => {
  const meter = new Meter();
  for (let seq = 1; seq <= 40; seq += 1) {
    meter.inputSent(seq, seq * 1000);
    meter.frameDrawn(frame(seq), seq * 1000 + seq);
  }
  assert.equal(meter.read(40_040).latency, 30.5);
});

test("after a reset earlier inputs are not waited for", () => {
  const meter = new Meter();
  meter.inputSent(1, 0);
  meter.reset();
  meter.frameDrawn(frame(5), 10);
  assert.equal(meter.read(10).latency, null);
});

test("inputs that no frame answers do not pile up", () => {
  const meter = new Meter();
  for (let seq = 1; seq <= 1000; seq += 1) meter.inputSent(seq, 0);
  meter.frameDrawn(frame(1000), 10);
  assert.equal(meter.read(10).latency, 10);
});

test("the median of nothing is nothing", () => {
  assert.equal(median([]), null);
  assert.equal(median([3, 1, 2]), 2);
});
