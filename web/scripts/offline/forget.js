/** What a phone forgets when its member has signed out, or was signed out from elsewhere. */
import { forgetCopies } from "./copies.js";
import { dropListsOfOthers } from "./lists.js";

/**
 * Forget who is here, what could be read and what was sent. What has not been sent stays.
 * @param {import("./store.js").Outbox} store
 */
export async function forgetWhoWasHere(store) {
  await forgetCopies(); // first: they need no store
  await store.remember("member", null);
  await dropListsOfOthers(store, null);
  await store.remember("quiz_draft", null);
  await store.remember("kept", null);
  await store.forgetSent();
}
