/**
 * Pages that somebody wants to keep on this phone: their addresses, of one person, never two. The server is not told;
 * the list goes when somebody signs out or in, and the copies with it (`copies.js`).
 */

/** @typedef {import("./store.js").Outbox} Outbox */

/**
 * What `whose` keeps here.
 * @param {Outbox} store
 * @param {string | null} whose
 * @returns {Promise<string[]>}
 */
export async function keptBy(store, whose) {
  const kept = await store.recall("kept");
  return kept && kept.member_id === whose ? kept.pages : [];
}

/**
 * Keep these as well, or no longer.
 * @param {Outbox} store
 * @param {string} whose
 * @param {string[]} paths
 * @param {boolean} stay
 */
export async function changeKept(store, whose, paths, stay) {
  await store.change("kept", (kept) => {
    const before = kept?.member_id === whose ? kept.pages : [];
    const others = before.filter((/** @type {string} */ path) => !paths.includes(path));
    return { member_id: whose, pages: stay ? [...others, ...paths] : others };
  });
}
