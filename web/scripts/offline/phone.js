/**
 * This page's side of the queue: whose it is, when it is sent, and who is told. The one place where store,
 * sending and timing meet the browser.
 */
import { newId, withOffset } from "./ids.js";
import { postToServer } from "./post.js";
import { sendAll } from "./send.js";
import { Outbox } from "./store.js";
import { Backoff, asOnlySender, oneAtATime } from "./timing.js";

/** @typedef {import("./store.js").Item} Item */
/**
 * How the phone stands with the server.
 * @typedef {object} Standing
 * @property {string | null} member
 * @property {number} waiting
 * @property {number} needsYou
 * @property {number} others items of other people on this phone
 * @property {boolean} sending
 * @property {import("./send.js").Round["state"] | null} last what came of the last round; null before the first
 * @property {string | null} lastSync ISO moment
 */

const VISIBLE_DELAY_MS = 1500; // iOS wakes a page before its network
const CHANGED = "sanliang:outbox";

export const outbox = new Outbox();
const backoff = new Backoff();
const otherTabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANGED) : null;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let sending = false;
/** @type {Standing["last"]} */
let last = null;

/** Who is signed in here: what the page says, else (on a page that opens without a network) who was last. */
export async function member() {
  return document.documentElement.dataset.memberId ?? (await outbox.recall("member")) ?? null;
}

/** @returns {Promise<Standing>} */
export async function standing() {
  const whose = await member();
  const items = whose ? await outbox.items(whose) : [];
  return {
    member: whose,
    waiting: items.filter((item) => item.state === "waiting").length,
    needsYou: items.filter((item) => item.state === "needs_you").length,
    others: await outbox.countOfOthers(whose),
    sending,
    last,
    lastSync: (await outbox.recall("last_sync_at")) ?? null,
  };
}

/**
 * Call `listener` now and whenever the queue or the connection changes, here or in another tab.
 * @param {(standing: Standing) => void} listener
 * @returns {() => void} stops listening
 */
export function watch(listener) {
  const tell = () => {
    standing().then(listener, () => {}); // a phone without a usable store shows no count, and its form says why
  };
  document.addEventListener(CHANGED, tell);
  tell();
  return () => document.removeEventListener(CHANGED, tell);
}

/**
 * Put down an act of the member who is signed in here.
 * @param {{kind: string, payload: Record<string, unknown>, label: string, occurred_at?: string,
 *          depends_on?: string | null}} act
 * @returns {Promise<Item>} rejects when it could not be stored, and then nothing was
 */
export async function capture(act) {
  const whose = await member();
  if (!whose) throw new Error("nobody is signed in on this phone");
  const item = { id: newId(), occurred_at: withOffset(), member_id: whose, made_offline: !isReachable(), ...act };
  const kept = await captureMakingRoom(item);
  await askToStay();
  changed();
  sendNow();
  return kept;
}

/**
 * Take back what was recorded here. What may have reached the server is withdrawn there too.
 * @param {Pick<Item, "id" | "label"> & {tried?: boolean}} item
 */
export async function withdraw(item) {
  const whose = await member();
  if (!whose) return;
  if (item.tried !== false) {
    const { id, label } = item;
    await outbox.capture({
      id: newId(),
      kind: "withdraw",
      payload: { id },
      occurred_at: withOffset(),
      member_id: whose,
      label,
      made_offline: !isReachable(),
    });
  }
  await outbox.remove(item.id, whose);
  changed();
  sendNow();
}

/** Try at once, because the person asked, the network came back, or something new waits. */
export function sendNow() {
  backoff.reset();
  return run();
}

/** Whether our server answered last time; the browser's own word is only a hint. */
export function isReachable() {
  return navigator.onLine && last !== "offline";
}

/** Begin: remember who is here, and send on load, when the network or the page comes back, and by timer. */
export async function begin() {
  const here = document.documentElement.dataset.memberId;
  if (here) await outbox.remember("member", here);
  addEventListener("online", () => sendNow());
  addEventListener("offline", changed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") setTimeout(sendNow, VISIBLE_DELAY_MS);
  });
  otherTabs?.addEventListener("message", () => document.dispatchEvent(new Event(CHANGED)));
  await sendNow();
}

/** Somebody signs out: forget who is here and what was sent; the queue itself stays. */
export async function forgetMember() {
  await outbox.remember("member", null);
  await outbox.forgetSent();
  await globalThis.caches?.delete("copies");
}

const run = oneAtATime(async () => {
  clearTimeout(timer);
  const whose = await member();
  if (!whose || !(await outbox.items(whose, "waiting")).length) {
    changed();
    return;
  }
  sending = true;
  changed();
  /** @type {number | null} */
  let retryAfter = null;
  try {
    await asOnlySender(outbox, async () => {
      const round = await sendAll({ store: outbox, post: postToServer, member: whose, version: APP_VERSION });
      last = round.state;
      retryAfter = round.retryAfter;
    });
  } finally {
    sending = false;
    changed();
  }
  if (last === "done") backoff.reset();
  else if (last === "offline" || last === "later") tryLater(retryAfter);
});

/** @param {number | null} retryAfter seconds */
function tryLater(retryAfter) {
  timer = setTimeout(run, backoff.next(retryAfter) * 1000);
  navigator.serviceWorker?.ready
    .then((/** @type {any} */ registration) => registration.sync?.register("outbox"))
    .catch(() => {}); // Background Sync is a bonus
}

function changed() {
  document.dispatchEvent(new Event(CHANGED));
  otherTabs?.postMessage("changed");
}

/**
 * A full phone gives up copies of pages before it gives up what its owner recorded.
 * @param {Parameters<Outbox["capture"]>[0]} item
 */
async function captureMakingRoom(item) {
  try {
    return await outbox.capture(item);
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "QuotaExceededError") throw error;
    await globalThis.caches?.delete("copies");
    return outbox.capture(item);
  }
}

/** Ask the browser not to clear this phone's records when space runs out; it may say no. */
async function askToStay() {
  try {
    if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
  } catch {
    // some in-app browsers have the name and not the thing
  }
}
