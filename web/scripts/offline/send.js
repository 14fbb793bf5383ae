/**
 * Sending the queue: pure of pages and timers. It takes a store and a `post`, and tells what came of it.
 * The server's unique ids are the guarantee; everything here only spares traffic.
 */

/** @typedef {import("./store.js").Outbox} Outbox */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./types.js").Round} Round */
/** @typedef {(envelope: object) => Promise<Response>} Post */

export const MAX_ITEMS = 50;
export const MAX_BYTES = 400 * 1024; // the door takes 512 KiB; the envelope and other alphabets want room
const PUT_OFF_SECONDS = 30; // for an item the server's answer forgot
const UNREADABLE_ENOUGH = 3; // so many single items in a row, and it is not the items' fault

/**
 * Send everything `member` recorded, batch by batch, until nothing waits or something stands in the way.
 * @param {object} means
 * @param {Outbox} means.store
 * @param {Post} means.post
 * @param {string} means.member who is signed in
 * @param {string} means.version of this app
 * @param {() => Date} [means.now]
 * @returns {Promise<Round>}
 */
export async function sendAll({ store, post, member, version, now = () => new Date() }) {
  let sent = 0;
  let retryAfter = null;
  let atMost = MAX_ITEMS;
  /** Not tried again in this round. @type {Set<string>} */
  const putOff = new Set();
  let stuck = false;
  let unreadable = 0;
  for (;;) {
    const waiting = (await store.items(member, "waiting")).filter((item) => !putOff.has(item.id));
    const batch = firstBatch(waiting, atMost);
    if (!batch.length || unreadable === UNREADABLE_ENOUGH) {
      const state = stuck ? "stuck" : retryAfter === null ? "done" : "put_off";
      return { state, sent, retryAfter };
    }
    const outcome = await sendBatch({ store, post, member, version, now, batch });
    if (outcome.state === "unreadable") {
      // no fault of the batch: try fewer at once, and go on without the one that is the reason
      atMost = batch.length === 1 ? MAX_ITEMS : Math.ceil(batch.length / 2);
      if (batch.length > 1) continue;
      putOff.add(batch[0].id);
      stuck = true;
      unreadable += 1;
      continue;
    }
    if (outcome.state !== "answered") return { state: outcome.state, sent, retryAfter: outcome.retryAfter };
    unreadable = 0;
    sent += outcome.settled;
    for (const id of outcome.left) putOff.add(id);
    if (outcome.left.length) retryAfter = Math.max(retryAfter ?? 0, outcome.retryAfter ?? PUT_OFF_SECONDS);
    await store.remember(`last_sync_at:${member}`, now().toISOString()).catch(() => {}); // no room to note it
  }
}

/**
 * As many of `items` as one batch may carry.
 * @param {Item[]} items
 * @param {number} [atMost]
 */
export function firstBatch(items, atMost = MAX_ITEMS) {
  const batch = [];
  let bytes = 0;
  for (const item of items.slice(0, atMost)) {
    bytes += new TextEncoder().encode(JSON.stringify(item.payload)).length + 400;
    if (batch.length && bytes > MAX_BYTES) break;
    batch.push(item);
  }
  return batch;
}

/**
 * The fields of an item that are sent, and no others.
 * @param {Item} item
 */
export function onTheWire({ id, kind, payload, occurred_at, seq, depends_on, made_offline, would_be_refused }) {
  return { id, kind, payload, occurred_at, seq, depends_on, made_offline, would_be_refused };
}

/**
 * What is sent: the items, whose they are, and what this phone's clock says now.
 * @param {{store: Outbox, member: string, version: string, now: Date, batch: Item[]}} means
 */
export async function envelope({ store, member, version, now, batch }) {
  return {
    device_id: await store.deviceId(),
    member_id: member,
    sent_at: now.toISOString(),
    app_version: version,
    items: batch.map(onTheWire),
  };
}

/**
 * @typedef {object} Outcome of one batch
 * @property {"answered" | "unreadable" | Round["state"]} state
 * @property {number} settled how many items the phone has no more to do with
 * @property {string[]} left ids that wait for another round
 * @property {number | null} retryAfter seconds
 */
/**
 * @param {{store: Outbox, post: Post, member: string, version: string, now: () => Date, batch: Item[]}} means
 * @returns {Promise<Outcome>}
 */
async function sendBatch({ store, post, member, version, now, batch }) {
  /** @type {Omit<Outcome, "state">} */
  const nothing = { settled: 0, left: [], retryAfter: null };
  const there = await store.markTried(batch.map((item) => item.id));
  if (!there.length) return { state: "answered", ...nothing };
  let response;
  try {
    response = await post(await envelope({ store, member, version, now: now(), batch: there }));
  } catch {
    return { state: "offline", ...nothing };
  }
  const body = await response.json().catch(() => null); // half an answer, or a stranger's (a hotel's sign-in page)
  const verdicts = response.ok ? verdictsIn(body) : null;
  if (!verdicts) {
    return { ...nothing, state: stateFor(response.status, body?.code), retryAfter: secondsIn(response.headers) };
  }
  const ids = there.map((item) => item.id);
  const ours = verdicts.filter((verdict) => ids.includes(verdict.id));
  const settled = await store.settle(ours, now().toISOString());
  const waits = ours.map((verdict) => verdict.retry_after ?? 0);
  return {
    state: "answered",
    settled: settled.length,
    left: ids.filter((id) => !settled.includes(id)),
    retryAfter: Math.max(0, ...waits) || null,
  };
}

/**
 * What an answer without verdicts means. Only our own server knows who is signed in; proxies have our status
 * numbers but not our codes.
 * @param {number} status
 * @param {unknown} code
 * @returns {Outcome["state"]}
 */
function stateFor(status, code) {
  if (status === 413) return "unreadable";
  if (status === 429) return "later";
  if (typeof code !== "string") return "offline";
  if (status === 401) return code === "ended" ? "ended" : "sign_in";
  if (status === 422) return "unreadable";
  if (status === 426) return "too_old";
  if (code === "wrong_person") return "wrong_person";
  return status >= 500 ? "later" : "stuck";
}

/**
 * @param {unknown} body
 * @returns {Verdict[] | null}
 */
function verdictsIn(body) {
  const verdicts = /** @type {{verdicts?: unknown} | null} */ (body)?.verdicts;
  return Array.isArray(verdicts) ? verdicts : null;
}

/** @param {Headers} headers */
function secondsIn(headers) {
  const header = headers.get("Retry-After");
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? seconds : null;
}
