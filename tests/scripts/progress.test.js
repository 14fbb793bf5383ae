/** Pledges, duties and wishes on the phone: the lists it took along, what is said of them, and what is told of that. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsForVerdict } from "../../web/scripts/components/words.js";
import { bringLists, dropListsOfOthers, dropOldLists, listsOf } from "../../web/scripts/offline/lists.js";
import { lastAbout, progressAct } from "../../web/scripts/offline/progress.js";
import { ALICE, BOB, act, agreeing, answer, freshStore, send, withdrawal } from "./makers.js";

const NINE = new Date("2026-03-09T01:00:00Z");
const PLEDGE = "01900000-0000-7000-8000-000000000001";

/** The server's word of what is `member`'s own; `asked` counts. */
function serving(member, asked = []) {
  return async () => {
    asked.push(member);
    return { member_id: member, is_member: true, pledges: [{ id: PLEDGE }], duties: [], wish: null };
  };
}

function minutesLater(minutes) {
  return () => new Date(NINE.getTime() + minutes * 60_000);
}

function bring(store, whose, ask, now = () => NINE, freshMs = 0) {
  return bringLists({ store, ask, whose, now, freshMs });
}

function said(fields = {}) {
  return progressAct({ kind: "pledge.progress", field: "pledge_id", subject: PLEDGE, title: "答复", state: "on_track", words: "正常", ...fields });
}

test("a missed quarter goes along as a number, the running one is not said", () => {
  assert.equal(said({ quarter: "1" }).payload.quarter, 1);
  assert.equal("quarter" in said({ quarter: "" }).payload, false);
});

test("what was brought is there with its time, for its owner alone", async () => {
  const store = freshStore();
  await store.remember("member", ALICE);
  assert.equal(await bring(store, ALICE, serving(ALICE)), true);
  assert.equal((await listsOf(store, ALICE)).taken_at, NINE.toISOString());
  assert.equal(await listsOf(store, BOB), null);
  assert.equal(await listsOf(store, null), null);
});

test("lists too old to be kept without the server are erased, younger ones stay", async () => {
  const store = freshStore();
  const taken = Date.UTC(2026, 10, 1);
  const days = (number) => taken + number * 24 * 3600 * 1000;
  await store.remember("lists", { member_id: ALICE, taken_at: new Date(taken).toISOString(), pledges: [], duties: [] });
  await dropOldLists(store, days(29));
  assert.notEqual(await listsOf(store, ALICE), null);
  await dropOldLists(store, days(30));
  assert.equal(await listsOf(store, ALICE), null);
});

test("a page that is left while old lists go leaves nothing behind that the next page does not erase", async () => {
  const store = freshStore();
  await store.remember("lists", { member_id: ALICE, taken_at: "2026-01-01T00:00:00Z", pledges: [], duties: [] });
  store.forgetSent = () => Promise.reject(new Error("the page is left"));
  await assert.rejects(dropOldLists(store, Date.UTC(2026, 10, 1)));
  assert.notEqual(await listsOf(store, ALICE), null, "so that the next page begins anew");
});

test("a fresh list is not asked for again, an old one is, and one from tomorrow's clock too", async () => {
  const store = freshStore();
  await store.remember("member", ALICE);
  const asked = [];
  for (const [minutes, times] of [[0, 1], [9, 1], [10, 2], [5, 3]]) {
    await bring(store, ALICE, serving(ALICE, asked), minutesLater(minutes), 10 * 60_000);
    assert.equal(asked.length, times, `after ${minutes} minutes`);
  }
});

test("without an answer what is there stays", async () => {
  const store = freshStore();
  await store.remember("member", ALICE);
  await bring(store, ALICE, serving(ALICE));
  assert.equal(await bring(store, ALICE, async () => null, minutesLater(60)), false);
  assert.equal((await listsOf(store, ALICE)).pledges.length, 1);
});

test("an answer for somebody else, or after the sign-out, leaves nothing", async () => {
  const store = freshStore();
  await store.remember("member", ALICE);
  assert.equal(await bring(store, ALICE, serving(BOB)), false);
  await store.remember("member", null);
  assert.equal(await bring(store, ALICE, serving(ALICE)), false);
  assert.equal(await store.recall("lists"), undefined);
});

test("lists of others are erased, one's own are not, and everybody's when nobody is here", async () => {
  const store = freshStore();
  await store.remember("member", ALICE);
  await bring(store, ALICE, serving(ALICE));
  await dropListsOfOthers(store, ALICE);
  assert.notEqual(await listsOf(store, ALICE), null);
  await dropListsOfOthers(store, BOB);
  assert.equal(await store.recall("lists"), null);
  await bring(store, ALICE, serving(ALICE));
  await dropListsOfOthers(store, null);
  assert.equal(await store.recall("lists"), null);
});

test("a word about a pledge names it, and says the rest in one line", () => {
  assert.deepEqual(said({ called: "承诺", sentence: "已答复 12 件" }), {
    kind: "pledge.progress",
    payload: { pledge_id: PLEDGE, state: "on_track", note: "已答复 12 件" },
    label: "答复",
    note: "承诺 · 正常 · 已答复 12 件",
    stands: true,
  });
  const duty = { kind: "duty.progress", field: "duty_id", waits: "done" };
  const done = said({ ...duty, state: "done" });
  assert.deepEqual(done.payload, { duty_id: PLEDGE, state: "done", note: null });
  assert.equal(done.stands, false); // an officer decides, so until then it can be withdrawn
  assert.equal(said({ ...duty, state: "started" }).stands, true);
});

test("the last word about a pledge is found among everything else", async () => {
  const store = freshStore();
  await store.capture(act());
  await store.capture({ ...act(), ...said() });
  const last = await store.capture({ ...act(), ...said({ state: "done" }) });
  await store.capture(withdrawal(PLEDGE));
  const items = await store.items(ALICE);
  assert.equal(lastAbout(items, "pledge_id", PLEDGE).id, last.id);
  assert.equal(lastAbout(items, "pledge_id", "another"), undefined);
});

test("what stands once it has arrived says so in the list of what was sent", async () => {
  const store = freshStore();
  await store.capture({ ...act(), ...said() });
  await send(store, agreeing());
  assert.equal((await store.sent(ALICE))[0].stands, true);
});

test("a withdrawal that comes too late for a word is told by its line", async () => {
  const store = freshStore();
  const { id } = await store.capture({ ...act(), ...said() });
  await send(store, agreeing());
  const { id: late } = withdrawal(id);
  await store.capture({ ...withdrawal(id), id: late });
  const refusal = { id: late, verdict: "refused", code: "progress_stands", message: "it stays" };
  await send(store, async () => answer(200, { verdicts: [refusal] }));
  assert.deepEqual((await store.sent(ALICE)).map(({ verdict, message }) => [verdict, message]), [["decided", "it stays"]]);
});

test("every kind has its own word for having arrived, or the usual one", () => {
  const own = { "wish.draft": "on the desk", "study.record returned": "under My study" };
  const words = { accepted: "waits", stands: "noted", withdrawn: "gone", returned: "came back", ...own };
  const tell = (kind, verdict, stands = false) => wordsForVerdict({ kind, verdict, stands }, words);
  assert.equal(tell("study.record", "accepted"), "waits");
  assert.equal(tell("pledge.progress", "accepted", true), "noted");
  assert.equal(tell("pledge.progress", "duplicate", true), "noted");
  assert.equal(tell("wish.draft", "accepted"), "on the desk");
  assert.equal(tell("wish.draft", "withdrawn"), "gone");
  assert.equal(tell("wish.draft", "unheard of"), "");
  assert.equal(tell("study.record", "returned"), "under My study");
  assert.equal(tell("wish.draft", "returned"), "came back");
});
