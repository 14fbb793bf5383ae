/** What somebody keeps on the phone: of one person, never two, and gone with whoever signs out. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { forgetWhoWasHere } from "../../web/scripts/offline/forget.js";
import { changeKept, keptBy } from "../../web/scripts/offline/kept.js";
import { Outbox } from "../../web/scripts/offline/store.js";

test("pages are kept and left one by one", async () => {
  const store = new Outbox("kept");
  assert.deepEqual(await keptBy(store, "alice"), []);
  await changeKept(store, "alice", ["/a", "/a/file.pdf"], true);
  await changeKept(store, "alice", ["/b"], true);
  await changeKept(store, "alice", ["/b"], true);
  assert.deepEqual(await keptBy(store, "alice"), ["/a", "/a/file.pdf", "/b"]);
  await changeKept(store, "alice", ["/a", "/a/file.pdf"], false);
  assert.deepEqual(await keptBy(store, "alice"), ["/b"]);
});

test("another person keeps nothing here, and begins anew", async () => {
  const store = new Outbox("kept by two");
  await changeKept(store, "alice", ["/a"], true);
  assert.deepEqual(await keptBy(store, "bob"), []);
  assert.deepEqual(await keptBy(store, null), []);
  await changeKept(store, "bob", ["/b"], true);
  assert.deepEqual([await keptBy(store, "alice"), await keptBy(store, "bob")], [[], ["/b"]]);
});

test("who signs out leaves no list behind", async () => {
  const store = new Outbox("kept until signed out");
  await changeKept(store, "alice", ["/a"], true);
  await forgetWhoWasHere(store);
  assert.deepEqual(await keptBy(store, "alice"), []);
});
