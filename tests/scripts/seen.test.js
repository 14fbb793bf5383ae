import assert from "node:assert/strict";
import { test } from "node:test";

import { freed, isWhole } from "../../web/scripts/components/seen.js";

const PLAIN = { value: "1", dataset: {} };
const HOLLOW = { value: "2", dataset: { advised: "" } };
const OTHER = { value: "3", dataset: {} };

test("a row of which an edge shows has not been seen", () => {
  assert.equal(isWhole({ isIntersecting: true, intersectionRatio: 0.4 }), false);
  assert.equal(isWhole({ isIntersecting: false, intersectionRatio: 0 }), false);
  assert.equal(isWhole({ isIntersecting: true, intersectionRatio: 1 }), true);
  assert.equal(isWhole({ isIntersecting: true, intersectionRatio: 0.995 }), true); // a height between two pixels
});

test("nothing is ticked together before every row was seen, what goes with advice among them", () => {
  assert.deepEqual(freed([PLAIN, HOLLOW, OTHER], new Set(["1", "2"])), []);
  assert.deepEqual(freed([PLAIN, HOLLOW, OTHER], new Set(["1", "3"])), []);
});

test("what goes with advice stays out of the selection", () => {
  assert.deepEqual(freed([PLAIN, HOLLOW, OTHER], new Set(["1", "2", "3"])), [PLAIN, OTHER]);
  assert.deepEqual(freed([HOLLOW], new Set(["2"])), []);
});
