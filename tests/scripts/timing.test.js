/** When the phone tries again, who may send, and the ids and times of acts. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { newId, withOffset } from "../../web/scripts/offline/ids.js";
import { Backoff, asOnlySender, isTooOld, oneAtATime } from "../../web/scripts/offline/timing.js";
import { freshStore } from "./makers.js";

test("waiting doubles up to five minutes, obeys the server, and begins anew", () => {
  const backoff = new Backoff(() => 0.999999);
  const waits = Array.from({ length: 12 }, () => Math.round(backoff.next()));
  assert.deepEqual(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
  assert.equal(backoff.next(900), 900);
  backoff.reset();
  assert.equal(Math.round(backoff.next()), 2);
});

test("two calls at once make one run and one more, never two at a time", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const run = oneAtATime(async () => {
    running += 1;
    most = Math.max(most, running);
    runs += 1;
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  await Promise.all([run(), run(), run()]);
  assert.deepEqual({ most, runs }, { most: 1, runs: 2 });
});

test("what the server gave is kept for thirty days, and no longer; what has no moment goes", () => {
  const now = Date.UTC(2026, 10, 29);
  const daysAgo = (days) => new Date(now - days * 24 * 3600 * 1000).toISOString();
  assert.deepEqual([0, 29, 30, 400].map((days) => isTooOld(daysAgo(days), now)), [false, false, true, true]);
  assert.deepEqual([null, "", "yesterday"].map((moment) => isTooOld(moment, now)), [true, true, true]);
});

test("without Web Locks a lease lets one tab send after the other, and a dead tab's lease runs out", async () => {
  const store = freshStore();
  let clock = 0;
  const means = { locks: undefined, now: () => clock, pause: async (ms) => { clock += ms; } };
  await store.remember("lease", { owner: "a tab that was killed", until: 20_000 });
  const order = [];
  await asOnlySender(store, async () => { order.push(clock); }, means);
  assert.deepEqual(order, [20_000]);
});

test("ids are UUIDv7 of their moment, and times carry the phone's offset", () => {
  const id = newId(Date.UTC(2026, 10, 22));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replaceAll("-", "").slice(0, 12), 16), Date.UTC(2026, 10, 22));
  const text = withOffset(new Date(Date.UTC(2026, 10, 22, 0, 12, 30)));
  assert.match(text, /^2026-11-2\dT\d\d:\d\d:30\.000[+-]\d\d:\d\d$/);
  assert.equal(new Date(text).getTime(), Date.UTC(2026, 10, 22, 0, 12, 30));
});
