import assert from "node:assert/strict";
import { test } from "node:test";

import { middle, moved, zoomed } from "../../web/scripts/components/square.js";

const WIDE = { width: 800, height: 600 };
const TALL = { width: 300, height: 900 };

test("the largest square lies in the middle", () => {
  assert.deepEqual(middle(WIDE), { x: 100, y: 0, side: 600 });
  assert.deepEqual(middle(TALL), { x: 0, y: 300, side: 300 });
});

test("a step never leaves the picture", () => {
  assert.deepEqual(moved(middle(WIDE), { dx: 50, dy: 10 }, WIDE), { x: 150, y: 0, side: 600 });
  assert.deepEqual(moved(middle(WIDE), { dx: 5000, dy: -5000 }, WIDE), { x: 200, y: 0, side: 600 });
  assert.deepEqual(moved(middle(TALL), { dx: -1, dy: -400 }, TALL), { x: 0, y: 0, side: 300 });
});

test("enlarging keeps the place, and back again the whole square", () => {
  const closer = zoomed(middle(WIDE), 2, WIDE);
  assert.deepEqual(closer, { x: 250, y: 150, side: 300 });
  assert.deepEqual(zoomed(closer, 1, WIDE), middle(WIDE));
});

test("enlarged at the edge, going back stays inside", () => {
  const corner = moved(zoomed(middle(WIDE), 4, WIDE), { dx: 5000, dy: 5000 }, WIDE);
  assert.deepEqual(corner, { x: 650, y: 450, side: 150 });
  assert.deepEqual(zoomed(corner, 1, WIDE), { x: 200, y: 0, side: 600 });
});
