/** Requests to our own server. They end in time, whatever the network does. */

/** Or whoever is not signed in would be led to a page. */
const JSON_PLEASE = { Accept: "application/json" };
const PATIENCE_MS = 20_000;
const KNOCK_PATIENCE_MS = 5_000;

/**
 * @param {object} envelope
 * @returns {Promise<Response>}
 */
export function postToServer(envelope) {
  const headers = { ...JSON_PLEASE, "Content-Type": "application/json" };
  return ask("/sync", { method: "POST", headers, body: JSON.stringify(envelope) }, PATIENCE_MS);
}

/** The session of this phone was ended from elsewhere: nothing of its member may be read here any more. */
export class EndedError extends Error {}

/**
 * What is the own of whoever is signed in, as the server has it now; `null` when it does not say.
 *
 * Rejects with `EndedError` when it says that nobody is any more.
 * @param {number} [patience] milliseconds
 * @returns {Promise<Omit<import("./types.js").Lists, "taken_at"> | null>}
 */
export async function ownLists(patience = PATIENCE_MS) {
  try {
    const response = await ask("/sync/lists", { cache: "no-store", headers: JSON_PLEASE }, patience);
    const body = await response.json();
    if (response.status === 401 && body.code === "ended") throw new EndedError();
    return response.ok ? body : null;
  } catch (error) {
    if (error instanceof EndedError) throw error;
    return null;
  }
}

/**
 * Whether our own server answers, and nobody in its place.
 * @returns {Promise<boolean>}
 */
export async function serverAnswers() {
  try {
    const response = await ask("/healthz", { cache: "no-store" }, KNOCK_PATIENCE_MS);
    return (await response.json()).status === "ok";
  } catch {
    return false;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @param {number} patience milliseconds
 */
async function ask(path, init, patience) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), patience);
  try {
    const options = /** @type {const} */ ({ credentials: "same-origin", redirect: "error", signal: ending.signal });
    const response = await fetch(path, { ...init, ...options });
    const body = await response.text(); // the answer's end is under the same limit as its beginning
    return new Response(body, { status: response.status, headers: response.headers });
  } finally {
    clearTimeout(timer);
  }
}
