/**
 * Sending the queue: pure of pages and timers. It takes a store and a `post`, and tells what came of it.
 * The server's unique ids are the guarantee; everything here only spares traffic.
 */

/** @typedef {import("./store.js").Outbox} Outbox */
/** @typedef {import("./store.js").Item} Item */
/** @typedef {import("./store.js").Verdict} Verdict */
/**
 * What came of a round of sending.
 * `done` all sent · `offline` no answer of ours · `later` wait `retryAfter` seconds · `sign_in` · `wrong_person`
 * · `too_old` the page must be loaded again · `stuck` the server cannot read the batch.
 * @typedef {{state: "done" | "offline" | "later" | "sign_in" | "wrong_person" | "too_old" | "stuck",
 *            sent: number, retryAfter: number | null}} Round
 */

export const MAX_ITEMS = 50;
export const MAX_BYTES = 400 * 1024; // the door takes 512 KiB; the envelope and other alphabets want room

/**
 * Send everything `member` recorded, batch by batch, until nothing waits or something stands in the way.
 * @param {object} means
 * @param {Outbox} means.store
 * @param {(envelope: object) => Promise<Response>} means.post
 * @param {string} means.member who is signed in
 * @param {string} means.version of this app
 * @param {() => Date} [means.now]
 * @returns {Promise<Round>}
 */
export async function sendAll({ store, post, member, version, now = () => new Date() }) {
  let sent = 0;
  /** Ids the server asked to keep for later: not tried again in this round. @type {Set<string>} */
  const putOff = new Set();
  let retryAfter = null;
  let atMost = MAX_ITEMS;
  for (;;) {
    const waiting = (await store.items(member, "waiting")).filter((item) => !putOff.has(item.id));
    const batch = firstBatch(waiting, atMost);
    if (!batch.length) return { state: retryAfter === null ? "done" : "later", sent, retryAfter };
    const outcome = await sendBatch({ store, post, member, version, now, batch });
    sent += outcome.settled;
    if (outcome.state === "stuck" && batch.length > 1) {
      atMost = Math.ceil(batch.length / 2); // a batch that cannot be taken is no item's fault: try fewer at once
      continue;
    }
    if (outcome.state !== "answered") return { state: outcome.state, sent, retryAfter: outcome.retryAfter };
    for (const id of outcome.unnamed) putOff.add(id);
    if (outcome.unnamed.length) retryAfter = Math.max(retryAfter ?? 0, outcome.retryAfter ?? 30);
    await store.remember("last_sync_at", now().toISOString());
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
 * @param {{store: Outbox, post: (envelope: object) => Promise<Response>, member: string, version: string,
 *          now: () => Date, batch: Item[]}} means
 * @returns {Promise<{state: "answered" | Round["state"], settled: number, unnamed: string[], retryAfter: number | null}>}
 */
async function sendBatch({ store, post, member, version, now, batch }) {
  const nothing = { settled: 0, unnamed: [], retryAfter: null };
  let response;
  /** @type {unknown} */
  let body;
  await store.markTried(batch.map((item) => item.id));
  try {
    response = await post(await envelope({ store, member, version, now: now(), batch }));
    body = await response.json();
  } catch {
    return { state: "offline", ...nothing }; // no answer, half an answer, or a stranger's (a hotel's sign-in page)
  }
  const verdicts = verdictsIn(body);
  if (response.ok && verdicts) {
    const named = new Set(batch.map((item) => item.id));
    const ours = verdicts.filter((verdict) => named.has(verdict.id));
    await store.settle(ours, now().toISOString());
    const retry = ours.filter((verdict) => verdict.verdict === "retry");
    const final = new Set(ours.filter((verdict) => verdict.verdict !== "retry").map((verdict) => verdict.id));
    const waits = retry.map((verdict) => verdict.retry_after ?? 30);
    return {
      state: "answered",
      settled: final.size,
      unnamed: batch.map((item) => item.id).filter((id) => !final.has(id)),
      retryAfter: waits.length ? Math.max(...waits) : null,
    };
  }
  return { ...nothing, state: stateFor(response.status), retryAfter: secondsIn(response.headers.get("Retry-After")) };
}

/**
 * @param {number} status
 * @returns {Round["state"]}
 */
function stateFor(status) {
  if (status === 401) return "sign_in";
  if (status === 403) return "wrong_person";
  if (status === 426) return "too_old";
  if (status === 413 || status === 422) return "stuck";
  return status >= 500 || status === 429 ? "later" : "offline";
}

/**
 * @param {unknown} body
 * @returns {Verdict[] | null}
 */
function verdictsIn(body) {
  const verdicts = /** @type {{verdicts?: unknown} | null} */ (body)?.verdicts;
  return Array.isArray(verdicts) ? verdicts : null;
}

/** @param {string | null} header */
function secondsIn(header) {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? seconds : null;
}
