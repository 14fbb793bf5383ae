/** The queue on the phone: an item leaves only when the server has named it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { newId, withOffset } from "../../web/scripts/offline/ids.js";
import { sendAll } from "../../web/scripts/offline/send.js";
import { Outbox } from "../../web/scripts/offline/store.js";
import { Backoff, asOnlySender, oneAtATime } from "../../web/scripts/offline/timing.js";

const ALICE = "alice";
const BOB = "bob";
let number = 0;

function freshStore() {
  number += 1;
  return new Outbox(`test-${number}`);
}

function record(store, member = ALICE, title = "《支部工作条例》") {
  return store.capture({
    id: newId(),
    kind: "study.record",
    payload: { title, minutes: 30, takeaway: null },
    occurred_at: withOffset(),
    member_id: member,
    label: title,
  });
}

function answer(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers });
}

/** A server that answers every item with `verdict`. */
function agreeing(verdict = "accepted", seen = []) {
  return async (envelope) => {
    seen.push(envelope);
    return answer(200, { server_time: "", verdicts: envelope.items.map(({ id }) => ({ id, verdict })) });
  };
}

function send(store, post, member = ALICE) {
  return sendAll({ store, post, member, version: "1" });
}

test("what Alice records waits, in the order of the acts", async () => {
  const store = freshStore();
  await record(store, ALICE, "first");
  await record(store, ALICE, "second");
  const waiting = await store.items(ALICE, "waiting");
  assert.deepEqual(waiting.map((item) => [item.label, item.seq]), [["first", 1], ["second", 2]]);
});

test("recording the same id twice is refused and keeps the first", async () => {
  const store = freshStore();
  const item = await record(store);
  await assert.rejects(store.capture({ ...item, label: "another" }));
  assert.equal((await store.items(ALICE))[0].label, item.label);
});

for (const verdict of ["accepted", "duplicate", "review", "held", "withdrawn"]) {
  test(`after ${verdict} the item is out of the queue and on the list of what was sent`, async () => {
    const store = freshStore();
    await record(store);
    assert.deepEqual(await send(store, agreeing(verdict)), { state: "done", sent: 1, retryAfter: null });
    assert.equal((await store.items(ALICE)).length, 0);
    assert.equal((await store.sent(ALICE))[0].verdict, verdict);
  });
}

for (const verdict of ["conflict", "refused"]) {
  test(`after ${verdict} the item stays on the phone and needs Alice`, async () => {
    const store = freshStore();
    await record(store);
    await send(store, agreeing(verdict));
    assert.equal((await store.items(ALICE))[0].state, "needs_you");
  });
}

test("retry keeps the item waiting for as long as the server asked", async () => {
  const store = freshStore();
  const { id } = await record(store);
  const round = await send(store, async () => answer(200, { verdicts: [{ id, verdict: "retry", retry_after: 40 }] }));
  assert.deepEqual(round, { state: "put_off", sent: 0, retryAfter: 40 });
  assert.equal((await store.items(ALICE, "waiting")).length, 1);
});

test("an id that no verdict names stays in the queue", async () => {
  const store = freshStore();
  const named = await record(store);
  const unnamed = await record(store);
  await send(store, async () => answer(200, { verdicts: [{ id: named.id, verdict: "accepted" }] }));
  assert.deepEqual((await store.items(ALICE)).map((item) => item.id), [unnamed.id]);
});

test("a verdict for an id that was not asked about changes nothing", async () => {
  const store = freshStore();
  const bobs = await record(store, BOB);
  await record(store, ALICE);
  await send(store, async () => answer(200, { verdicts: [{ id: bobs.id, verdict: "accepted" }] }));
  assert.equal((await store.items(BOB)).length, 1);
});

for (const [name, post, state] of [
  ["no network", async () => { throw new TypeError("Failed to fetch"); }, "offline"],
  ["half an answer", async () => new Response('{"verdi'), "offline"],
  ["a hotel's sign-in page", async () => new Response("<html>", { status: 200 }), "offline"],
  ["another program's JSON", async () => answer(200, { hello: "world" }), "offline"],
  ["an ended session", async () => answer(401, { code: "not_signed_in" }), "sign_in"],
  ["somebody else's session", async () => answer(403, { code: "wrong_person" }), "wrong_person"],
  ["an old app", async () => answer(426, { code: "client_too_old" }), "too_old"],
  ["a fault of the server", async () => answer(500, { code: "fault" }), "later"],
  ["a server that cannot read the batch", async () => answer(422, { code: "bad_input" }), "stuck"],
]) {
  test(`${name}: everything is kept`, async () => {
    const store = freshStore();
    await record(store);
    assert.equal((await send(store, post)).state, state);
    assert.equal((await store.items(ALICE, "waiting")).length, 1);
  });
}

test("Retry-After of a busy server is passed on", async () => {
  const store = freshStore();
  await record(store);
  const round = await send(store, async () => answer(503, { code: "unavailable" }, { "Retry-After": "17" }));
  assert.equal(round.retryAfter, 17);
});

test("a hundred and twenty records go in three batches of at most fifty", async () => {
  const store = freshStore();
  for (let index = 0; index < 120; index += 1) await record(store, ALICE, `record ${index}`);
  const seen = [];
  await send(store, agreeing("accepted", seen));
  assert.deepEqual(seen.map((envelope) => envelope.items.length), [50, 50, 20]);
});

test("large records make smaller batches", async () => {
  const store = freshStore();
  for (let index = 0; index < 50; index += 1) {
    const payload = { title: "读", minutes: 30, takeaway: "学".repeat(5_000) };
    await store.capture({ id: newId(), kind: "study.record", payload, occurred_at: withOffset(), member_id: ALICE, label: "" });
  }
  const seen = [];
  await send(store, agreeing("accepted", seen));
  assert.ok(seen.every((envelope) => JSON.stringify(envelope).length * 3 < 2 * 512 * 1024));
  assert.equal(seen.flatMap((envelope) => envelope.items).length, 50);
});

test("nothing that is only the phone's business is sent", async () => {
  const store = freshStore();
  await record(store);
  const seen = [];
  await send(store, agreeing("accepted", seen));
  assert.deepEqual(Object.keys(seen[0].items[0]).sort(), [
    "depends_on", "id", "kind", "made_offline", "occurred_at", "payload", "seq", "would_be_refused",
  ]);
});

test("Bob cannot read or send what Alice left on his phone; he sees how many", async () => {
  const store = freshStore();
  await record(store, ALICE);
  const seen = [];
  await send(store, agreeing("accepted", seen), BOB);
  assert.equal(seen.length, 0);
  assert.equal(await store.countOfOthers(BOB), 1);
  assert.equal((await store.items(BOB)).length, 0);
  await store.remove((await store.items(ALICE))[0].id, BOB);
  assert.equal((await store.items(ALICE)).length, 1);
});

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
