/**
 * What can be spoken of without a network: the own open pledges and duties, and where one collects wishes. Of one
 * person, never two; brought by pages that have a network, and gone when somebody signs out or in.
 */

import { isTooOld } from "./timing.js";

/** @typedef {import("./store.js").Outbox} Outbox */
/** @typedef {import("./types.js").Lists} Lists */

/**
 * Bring the lists of `whose`, unless those on the phone are younger than `freshMs`.
 * @param {object} means
 * @param {Outbox} means.store
 * @param {() => Promise<Partial<Lists> | null>} means.ask the server, which alone knows whose they are
 * @param {string} means.whose
 * @param {number} means.freshMs
 * @param {() => Date} [means.now]
 * @returns {Promise<boolean>} whether there is anything new
 */
export async function bringLists({ store, ask, whose, freshMs, now = () => new Date() }) {
  const known = await listsOf(store, whose);
  const age = known ? now().getTime() - Date.parse(known.taken_at) : Infinity;
  if (age >= 0 && age < freshMs) return false;
  const lists = await ask();
  return lists?.member_id === whose && store.keepLists(/** @type {Lists} */ ({ ...lists, taken_at: now().toISOString() }));
}

/**
 * The lists on this phone, if they are those of `whose`.
 * @param {Outbox} store
 * @param {string | null} whose
 * @returns {Promise<Lists | null>}
 */
export async function listsOf(store, whose) {
  /** @type {Lists | null | undefined} */
  const lists = await store.recall("lists");
  return lists && lists.member_id === whose ? lists : null;
}

/**
 * Erase lists that are too old to be kept without the server, and what was sent with them. The lists go last: a page that
 * is left half-way finds them again, and erases what is left.
 * @param {Outbox} store
 * @param {number} [now]
 */
export async function dropOldLists(store, now = Date.now()) {
  const isOld = (/** @type {Lists | null | undefined} */ lists) => Boolean(lists && isTooOld(lists.taken_at, now));
  if (!isOld(await store.recall("lists"))) return;
  await store.forgetSent();
  await store.change("lists", (lists) => (isOld(lists) ? null : undefined));
}

/**
 * Erase lists of anybody but `whose`; of everybody when nobody is here.
 * @param {Outbox} store
 * @param {string | null} whose
 */
export async function dropListsOfOthers(store, whose) {
  await store.change("lists", (lists) => (lists && lists.member_id !== whose ? null : undefined));
}
