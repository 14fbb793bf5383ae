/** A page is left once, until somebody comes back to it. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Record<string, () => void>} */
const heard = {};
globalThis.addEventListener = (name, hear) => {
  heard[name] = hear;
};
const { leaveOnce } = await import("../../web/scripts/leave.js");

test("the first road out of a page is taken, and no other while the browser is on its way", () => {
  const taken = [];
  for (const address of ["/study/quizzes/1", "/study/quizzes/1", "/sign-in?ended=1"]) leaveOnce(() => taken.push(address));
  assert.deepEqual(taken, ["/study/quizzes/1"]);
});

test("who comes back to the page, as the browser kept it, can leave it again", () => {
  heard.pageshow();
  const taken = [];
  leaveOnce(() => taken.push("/outbox"));
  assert.deepEqual(taken, ["/outbox"]);
});

test("a browser that was stopped on its way can be led away again a minute later", (context) => {
  const taken = [];
  context.mock.method(performance, "now", () => 1e7);
  leaveOnce(() => taken.push("/outbox"));
  leaveOnce(() => taken.push("/outbox"));
  context.mock.method(performance, "now", () => 1e7 + 60_000);
  leaveOnce(() => taken.push("/"));
  assert.deepEqual(taken, ["/outbox", "/"]);
});
