import assert from "node:assert/strict";
import test from "node:test";
import "./fakes.js";
import { freeName } from "../../static/js/page/files.js";

test("nothing that is there is written over", () => {
  const taken = new Set(["a.txt", "a (1).txt", "Makefile", ".env", "b.tar.gz"]);
  assert.equal(freeName("c.txt", taken), "c.txt");
  assert.equal(freeName("a.txt", taken), "a (2).txt");
  assert.equal(freeName("Makefile", taken), "Makefile (1)");
  assert.equal(freeName(".env", taken), ".env (1)");
  assert.equal(freeName("b.tar.gz", taken), "b.tar (1).gz");
});
