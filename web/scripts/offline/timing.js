/**
 * When to try again. No page, no network: a clock and a die come in, seconds come out.
 */

import { newId } from "./ids.js";

export const LONGEST_WAIT = 300; // seconds
const COPIES_LAST_MS = 30 * 24 * 3600 * 1000; // as long as a phone stays signed in

/**
 * Whether what the server gave at that moment has to go: a phone that nobody can reach keeps nothing for ever.
 * @param {string | null} moment ISO; what has none is too old
 * @param {number} [now]
 */
export function isTooOld(moment, now = Date.now()) {
  return !(now - Date.parse(moment ?? "") < COPIES_LAST_MS);
}

export class Backoff {
  #failures = 0;
  #random;

  /** @param {() => number} [random] from 0 up to 1 */
  constructor(random = Math.random) {
    this.#random = random;
  }

  /**
   * Seconds to wait after one more failure: 2ⁿ with a jitter of half, at most five minutes; what the server
   * asked for is obeyed.
   * @param {number | null} [retryAfter] seconds
   */
  next(retryAfter = null) {
    this.#failures = Math.min(this.#failures + 1, 10);
    const doubled = Math.min(2 ** this.#failures, LONGEST_WAIT);
    const jittered = doubled * (0.5 + this.#random() / 2);
    return Math.max(jittered, retryAfter ?? 0);
  }

  /** Begin anew: the person asked, the network came back, or an answer arrived. */
  reset() {
    this.#failures = 0;
  }
}

/**
 * One runner that never runs twice at once: a call during a run makes one more run after it.
 * @param {() => Promise<void>} work
 */
export function oneAtATime(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })();
    try {
      await running;
    } finally {
      running = null;
    }
  };
}

/**
 * Hold the right to send across tabs and the worker while `work` runs. Waits for its turn: asking with
 * `ifAvailable` lost the lock to a closing page and then nothing was sent any more. Where Web Locks are
 * missing, a lease in the store serves; the server's key is the guarantee either way.
 * @param {import("./store.js").Outbox} store
 * @param {() => Promise<void>} work
 * @param {{locks?: LockManager, now?: () => number, pause?: (ms: number) => Promise<void>}} [means]
 */
export async function asOnlySender(store, work, means = {}) {
  const { locks = globalThis.navigator?.locks, now = Date.now, pause = sleep } = means;
  if (locks) {
    await locks.request("sanliang-send", work);
    return;
  }
  const owner = newId();
  const take = () =>
    store.change("lease", (lease) => (lease && lease.until > now() ? undefined : { owner, until: now() + LEASE_MS }));
  for (let tries = 0; !(await take()); tries += 1) {
    if (tries > LEASE_MS / LEASE_STEP_MS) return; // somebody renews it all the time, so somebody is sending
    await pause(LEASE_STEP_MS);
  }
  try {
    await work();
  } finally {
    await store.change("lease", (lease) => (lease?.owner === owner ? null : undefined));
  }
}

const LEASE_MS = 30_000;
const LEASE_STEP_MS = 500;

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
