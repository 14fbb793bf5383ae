/** The queue on the phone: an item leaves only when the server has named it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ALICE, BOB, act, agreeing, answer, freshStore, onAFullPhone, record, send, withdrawal } from "./makers.js";

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
  ["a proxy that wants its own sign-in", async () => new Response("<html>", { status: 401 }), "offline"],
  ["a proxy without its server", async () => new Response("<html>", { status: 502 }), "offline"],
  ["too many requests", async () => new Response("", { status: 429 }), "later"],
  ["a member who has left", async () => answer(403, { code: "forbidden" }), "stuck"],
  ["a session that is over", async () => answer(401, { code: "not_signed_in" }), "sign_in"],
  ["a session ended from elsewhere", async () => answer(401, { code: "ended" }), "ended"],
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
    await store.capture(act(ALICE, "", { payload }));
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

test("an answer with a word this version does not know leaves the item where it is, and ends", async () => {
  const store = freshStore();
  await record(store);
  const seen = [];
  assert.equal((await send(store, agreeing("enshrined", seen))).state, "put_off");
  assert.equal(seen.length, 1);
  assert.equal((await store.items(ALICE, "waiting")).length, 1);
});

/** A server that cannot read a batch in which `isPoison` finds something. */
function choking(isPoison, status, seen) {
  const agree = agreeing("accepted", seen);
  return async (envelope) => (envelope.items.some(isPoison) ? new Response("<html>", { status }) : agree(envelope));
}

test("one item that makes every batch unreadable stays behind; the others go out", async () => {
  const store = freshStore();
  for (let index = 0; index < 50; index += 1) await record(store, ALICE, `record ${index}`);
  const seen = [];
  const round = await send(store, choking((item) => item.payload.title === "record 20", 413, seen));
  assert.deepEqual([round.state, round.sent], ["stuck", 49]);
  assert.deepEqual((await store.items(ALICE, "waiting")).map((item) => item.label), ["record 20"]);
});

test("a server that can read nothing is not asked about every single item", async () => {
  const store = freshStore();
  for (let index = 0; index < 100; index += 1) await record(store);
  let asked = 0;
  const round = await send(store, async () => {
    asked += 1;
    return answer(422, { code: "bad_envelope" });
  });
  assert.equal(round.state, "stuck");
  assert.ok(asked < 25, `${asked} requests`);
  assert.equal((await store.items(ALICE, "waiting")).length, 100);
});

test("what is taken back while a batch is being made does not go out any more", async () => {
  const store = freshStore();
  const stays = await record(store);
  const goes = await record(store);
  const { items } = store;
  store.items = async (...asked) => {
    const found = await items.apply(store, asked);
    await store.takeBack(goes.id, withdrawal(goes.id));
    store.items = items;
    return found;
  };
  const seen = [];
  await send(store, agreeing("accepted", seen));
  assert.deepEqual(seen.flatMap((envelope) => envelope.items.map((item) => item.id)), [stays.id]);
});
