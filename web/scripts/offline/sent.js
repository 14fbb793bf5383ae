/**
 * The list of what was sent from this phone: what the server said of it when it arrived, and what has become of it as
 * far as this phone has been shown since.
 */

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Sent} Sent */
/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./database.js").Transaction} Transaction */

const KEEP_SENT = 30;

/**
 * What the server has named leaves the queue for the list; of a withdrawal its target's line tells.
 * @param {Transaction} transaction
 * @param {Verdict} verdict
 * @param {string} sentAt
 */
export async function moveToSent(transaction, { id, verdict, message = null }, sentAt) {
  const items = transaction.objectStore("items");
  const sent = transaction.objectStore("sent");
  /** @type {Item | undefined} */
  const item = await items.get(id);
  if (!item) return;
  await items.delete(id);
  const { member_id, kind, label, note, stands, occurred_at } = item;
  const entry = { id, member_id, kind, label, note, stands, occurred_at, verdict, message, sent_at: sentAt };
  if (kind !== "withdraw") {
    const known = verdict === "duplicate" ? await sent.get(id) : null; // this phone may have been shown more since
    await sent.put({ ...entry, ...(known && { verdict: known.verdict, message: known.message }) });
    return;
  }
  const target = String(item.payload.id);
  await sent.put({ ...entry, ...(await sent.get(target)), id: target, verdict: "withdrawn", message: null });
}

/**
 * A withdrawal came too late: its target stays as it was decided.
 * @param {Transaction} transaction
 * @param {Item} withdrawal
 * @param {string | null} message
 */
export async function noteDecided(transaction, withdrawal, message) {
  const sent = transaction.objectStore("sent");
  const entry = await sent.get(String(withdrawal.payload.id));
  if (entry) await sent.put({ ...entry, verdict: "decided", message });
}

/**
 * Note what a page of `member` shows; `pending` means that a decision or a withdrawal was
 * taken back.
 * @param {Transaction} transaction
 * @param {string} member
 * @param {Map<string, string>} shown where records stand, by id
 * @returns {Promise<boolean>} whether anything of it was new
 */
export async function noteShown(transaction, member, shown) {
  const sent = transaction.objectStore("sent");
  /** @type {Sent[]} */
  const own = await sent.index("member_id").getAll(member);
  const news = own.flatMap((entry) => {
    const standing = shown.get(entry.id);
    if (!standing || standing === entry.verdict) return [];
    if (standing === "pending") return isDecided(entry) || entry.verdict === "withdrawn" ? [{ ...entry, verdict: "accepted", message: null }] : [];
    return [{ ...entry, verdict: standing, message: null }];
  });
  await Promise.all(news.map((entry) => sent.put(entry)));
  return news.length > 0;
}

/**
 * Whether it can be withdrawn no more, as far as this phone knows: an officer has decided, or it never could be.
 * @param {Sent} entry
 */
export function isFinal(entry) {
  return entry.stands || entry.verdict === "withdrawn" || isDecided(entry);
}

/** @param {Sent} entry */
function isDecided({ verdict }) {
  return ["approved", "returned", "decided"].includes(verdict);
}

/** @param {Transaction} transaction */
export async function trimSent(transaction) {
  const sent = transaction.objectStore("sent");
  const old = newestFirst(await sent.getAll()).slice(KEEP_SENT);
  await Promise.all(old.map(({ id }) => sent.delete(id)));
}

/** @param {Sent[]} entries */
export function newestFirst(entries) {
  return entries.sort((a, b) => b.sent_at.localeCompare(a.sent_at));
}
