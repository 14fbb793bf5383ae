/** How this phone stands: whose it is, what waits, whether our server answers. Whoever shows it listens here. */
import { Outbox } from "./store.js";
import { oneAtATime } from "./timing.js";

/** @typedef {import("./types.js").Round} Round */
/**
 * @typedef {object} Standing
 * @property {string | null} member
 * @property {number} waiting
 * @property {number} needsYou
 * @property {number} others items of other people on this phone
 * @property {boolean} sending
 * @property {boolean} reachable
 * @property {boolean} asked whether our server was asked from here
 * @property {Round["state"] | null} last what came of the last round; null before the first
 * @property {string | null} lastSync ISO moment
 */

const NAME = "sanliang:outbox";

export const outbox = new Outbox();
const otherTabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(NAME) : null;
/** @typedef {(standing: Standing) => void | Promise<void>} Listener */
/** @type {Set<Listener>} */
const listeners = new Set();

let known = {
  sending: false,
  /** @type {Round["state"] | null} */
  last: null,
  /** Whether our server answered when it was last asked; null when that is not known. @type {boolean | null} */
  answered: null,
};

/**
 * Who is signed in here as the server has said: on the page that it gave, or in its answer to signing in; `null` when
 * it has said nothing.
 */
export function saidHere() {
  return document.documentElement.dataset.memberId ?? /(?:^|; )sanliang_here=([\w-]+)/.exec(document.cookie)?.[1] ?? null;
}

/** Who is signed in here: what the server has said, else (on a page that opens without a network) who was last. */
export async function member() {
  return saidHere() ?? (await outbox.recall("member")) ?? null;
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
    sending: known.sending,
    reachable: isReachable(),
    asked: known.answered !== null,
    last: known.last,
    lastSync: (await outbox.recall(`last_sync_at:${whose}`)) ?? null,
  };
}

/** Whether our server answers. What the browser says of the network is only a hint until we have asked. */
export function isReachable() {
  return known.answered ?? navigator.onLine;
}

/**
 * Something was learnt about sending or the server.
 * @param {Partial<typeof known>} news
 */
export function note(news) {
  known = { ...known, ...news };
  tellHere();
}

/** The queue has changed: everybody who shows it is told, in other tabs too. */
export function changed() {
  tellHere();
  otherTabs?.postMessage("changed");
}

/**
 * Call `listener` now and whenever the queue or the connection changes, here or elsewhere.
 * @param {Listener} listener
 * @returns {() => void} stops listening
 */
export function watch(listener) {
  listeners.add(listener);
  tellHere();
  return () => listeners.delete(listener);
}

otherTabs?.addEventListener("message", tellHere);

const tell = oneAtATime(async () => {
  const now = await standing();
  for (const listener of listeners) tellOne(listener, now);
});

/**
 * What a listener then reads itself may be broken off, when the browser closes or empties the store under the page; there is
 * nothing to show then. Any error but the browser's own is a fault of ours and stays one.
 * @param {Listener} listener
 * @param {Standing} now
 */
async function tellOne(listener, now) {
  try {
    await listener(now);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

function tellHere() {
  tell().catch(() => {}); // a phone without a usable store shows no count, and its form says why
}
