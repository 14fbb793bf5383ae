/** Who shows how the phone stands is told of it, whatever becomes of the others. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ALICE, unheardOf } from "./makers.js";

globalThis.document = { documentElement: { dataset: { memberId: ALICE } }, cookie: "" };
globalThis.navigator ??= { onLine: true }; // from Node 21 on there is one
globalThis.BroadcastChannel = undefined; // an open one would keep this process alive
const { changed, watch } = await import("../../web/scripts/offline/standing.js");

/** Those who watch, the first of whom fails with `error`; gives whom the second was told of, and what nobody heard. */
async function told(error) {
  const heard = [];
  const toldOnce = new Promise((resolve) => {
    const stops = [
      watch(async () => {
        throw error;
      }),
      watch(({ member }) => {
        heard.push(member);
        for (const stop of stops) stop();
        resolve(heard);
      }),
    ];
  });
  const unheard = await unheardOf(() => Promise.all([changed(), toldOnce]));
  return { heard, unheard };
}

test("a page whose store is closed under it has nothing to show, and no fault", async () => {
  assert.deepEqual(await told(new DOMException("AbortError", "AbortError")), { heard: [ALICE], unheard: [] });
});

test("a fault of ours stays one, and hides nothing from the others", async () => {
  const fault = new TypeError("of ours");
  assert.deepEqual(await told(fault), { heard: [ALICE], unheard: [fault] });
});
