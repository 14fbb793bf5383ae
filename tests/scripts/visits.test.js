import assert from "node:assert/strict";
import { test } from "node:test";

import { mayHint, visited } from "../../web/scripts/components/visits.js";

test("nobody is asked on the first day, however often the page is opened", () => {
  const once = visited(null, "2026-12-10");
  assert.equal(mayHint(once), false);
  assert.equal(mayHint(visited(once, "2026-12-10")), false);
});

test("who comes back on another day reads it", () => {
  assert.equal(mayHint(visited(visited(null, "2026-12-10"), "2026-12-11")), true);
});

test("what was put aside stays so", () => {
  const aside = { ...visited(visited(null, "2026-12-10"), "2026-12-11"), dismissed: true };
  assert.equal(mayHint(visited(aside, "2027-01-01")), false);
});
