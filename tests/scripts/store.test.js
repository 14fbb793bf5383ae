/** What lies on the phone: taking back, replacing, and a phone without room. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Database } from "../../web/scripts/offline/database.js";
import { ALICE, BOB, act, agreeing, answer, freshStore, onAFullPhone, record, send, unheardOf, withdrawal } from "./makers.js";

test("what was never on the wire is taken back without a word to the server", async () => {
  const store = freshStore();
  const { id } = await record(store);
  assert.equal(await store.takeBack(id, withdrawal(id)), false);
  assert.deepEqual(await store.items(ALICE), []);
});

test("what was on the wire is taken back with a withdrawal in its place", async () => {
  const store = freshStore();
  const { id } = await record(store);
  await store.markTried([id]);
  assert.equal(await store.takeBack(id, withdrawal(id)), true);
  assert.deepEqual((await store.items(ALICE)).map((item) => [item.kind, item.payload.id]), [["withdraw", id]]);
});

test("Bob takes nothing of Alice's back, off the phone, or out of its place", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE);
  assert.equal(await store.takeBack(id, withdrawal(id, BOB)), false);
  await store.remove(id, BOB);
  await store.capture(act(BOB), id);
  assert.equal((await store.items(ALICE)).length, 1);
});

test("recorded anew it stands in the place of the refused one, in one step", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE, "wrong");
  await send(store, agreeing("refused"));
  await store.capture(act(ALICE, "right"), id);
  assert.deepEqual((await store.items(ALICE)).map((item) => [item.label, item.state]), [["right", "waiting"]]);
});

test("a withdrawal that arrived is told by the line of what it withdrew", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE, "a mistake");
  await send(store, agreeing("accepted"));
  await store.takeBack(id, withdrawal(id));
  await send(store, agreeing("accepted"));
  assert.deepEqual((await store.sent(ALICE)).map((entry) => [entry.id, entry.label, entry.verdict]), [[id, "a mistake", "withdrawn"]]);
});

test("what a page shows of a record is noted where it was sent from, and only there", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE);
  const { id: waits } = await record(store, ALICE);
  await send(store, async () => answer(200, { verdicts: [{ id, verdict: "review", message: "look" }] }));
  const tell = () => store.sent(ALICE).then((entries) => entries.map(({ verdict, message }) => [verdict, message]));
  assert.equal(await store.learn(ALICE, new Map([[id, "pending"], [waits, "approved"]])), false);
  assert.deepEqual(await tell(), [["review", "look"]]);
  assert.equal(await store.learn(BOB, new Map([[id, "approved"]])), false);
  for (const [standing, verdict] of [["approved", "approved"], ["pending", "accepted"], ["returned", "returned"]]) {
    assert.equal(await store.learn(ALICE, new Map([[id, standing]])), true);
    assert.deepEqual(await tell(), [[verdict, null]]);
  }
});

test("what is sent again does not hide what has become of it", async () => {
  const store = freshStore();
  const item = await record(store, ALICE);
  await send(store, agreeing());
  await store.learn(ALICE, new Map([[item.id, "approved"]]));
  await store.capture(item);
  await send(store, agreeing("duplicate"));
  assert.equal((await store.sent(ALICE))[0].verdict, "approved");
});

test("a withdrawal that was taken back on a page waits again in the phone's list", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE);
  await send(store, agreeing());
  assert.equal(await store.learn(ALICE, new Map([[id, "withdrawn"]])), true);
  assert.equal((await store.sent(ALICE))[0].verdict, "withdrawn");
  assert.equal(await store.learn(ALICE, new Map([[id, "pending"]])), true);
  assert.equal((await store.sent(ALICE))[0].verdict, "accepted");
});

test("a withdrawal that came too late says so where the record stands as sent", async () => {
  const store = freshStore();
  const { id } = await record(store, ALICE);
  await send(store, agreeing());
  await store.takeBack(id, withdrawal(id));
  const verdict = { verdict: "refused", code: "already_decided", message: "Sam has approved it." };
  await send(store, async ({ items }) => answer(200, { verdicts: items.map((item) => ({ id: item.id, ...verdict })) }));
  assert.deepEqual((await store.sent(ALICE)).map((entry) => [entry.verdict, entry.message]), [["decided", "Sam has approved it."]]);
  assert.deepEqual((await store.items(ALICE)).map((item) => [item.kind, item.state]), [["withdraw", "needs_you"]]);
});

test("the list of what was sent is short, newest first, and everybody's own", async () => {
  const store = freshStore();
  for (let index = 0; index < 40; index += 1) await record(store, ALICE, `record ${index}`);
  await record(store, BOB);
  await send(store, agreeing());
  assert.equal((await store.sent(ALICE)).length, 30);
  assert.deepEqual(await store.sent(BOB), []);
  await store.forgetSent();
  assert.deepEqual(await store.sent(ALICE), []);
  assert.equal((await store.items(BOB)).length, 1);
});

test("a full phone refuses a record, keeps what it has, and says why", async () => {
  const store = freshStore();
  await record(store, ALICE, "before");
  await onAFullPhone(() => assert.rejects(record(store, ALICE, "after"), { name: "QuotaExceededError" }));
  assert.deepEqual((await store.items(ALICE)).map((item) => item.label), ["before"]);
});

test("a full phone still sends what it has", async () => {
  const store = freshStore();
  await record(store);
  const round = await onAFullPhone(() => send(store, agreeing()));
  assert.deepEqual([round.state, round.sent], ["done", 1]);
  assert.deepEqual(await store.items(ALICE), []);
});

test("what a full phone could not note as sent is withdrawn on the server all the same", async () => {
  const store = freshStore();
  const { id } = await record(store);
  await onAFullPhone(() => send(store, async () => { throw new TypeError("Failed to fetch"); }));
  assert.equal((await store.items(ALICE))[0].tried, false);
  assert.equal(await store.takeBack(id, withdrawal(id)), true);
});

test("on a full phone a refusal waits until there is room to note it", async () => {
  const store = freshStore();
  await record(store);
  const round = await onAFullPhone(() => send(store, agreeing("refused")));
  assert.equal(round.state, "put_off");
  assert.equal((await store.items(ALICE, "waiting")).length, 1);
  await send(store, agreeing("refused"));
  assert.equal((await store.items(ALICE, "needs_you")).length, 1);
});

test("a database that the browser closed behind the page's back is opened again", async () => {
  const store = freshStore();
  await record(store);
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function closed() {
    IDBDatabase.prototype.transaction = transaction;
    throw new DOMException("The database connection is closing", "InvalidStateError");
  };
  assert.equal((await store.items(ALICE)).length, 1);
});

test("the phone has one name, whoever asks first", async () => {
  const store = freshStore();
  const names = await Promise.all([store.deviceId(), store.deviceId(), store.deviceId()]);
  assert.equal(new Set([...names, await store.deviceId()]).size, 1);
});

test("what a page still reads when the browser closes the store is told once, to who asked", async () => {
  const database = new Database(`test-left-${process.pid}`);
  const unheard = await unheardOf(async () => {
    const reading = await database.begin(["meta"], "readonly");
    const asked = reading.objectStore("meta").get("member");
    reading.abort();
    await assert.rejects(asked, { name: "AbortError" });
  });
  assert.deepEqual(unheard, []);
});
