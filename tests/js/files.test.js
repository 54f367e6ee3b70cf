import assert from "node:assert/strict";
import test from "node:test";
import { shownSize } from "../../static/js/viewer/files.js";

test("sizes are said as the lists of the pages say them", () => {
  const said = [0, 1, 1023, 1024, 1536, 1048576, 5 * 1024 ** 3, 3 * 1024 ** 4].map(shownSize);
  assert.deepEqual(said, [
    "0 bytes",
    "1 bytes",
    "1023 bytes",
    "1.0 KB",
    "1.5 KB",
    "1.0 MB",
    "5.0 GB",
    "3072.0 GB",
  ]);
});
