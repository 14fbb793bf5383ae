/** Requests to our own server. They end in time, whatever the network does. */

const PATIENCE_MS = 20_000;
const KNOCK_PATIENCE_MS = 5_000;

/**
 * @param {object} envelope
 * @returns {Promise<Response>}
 */
export function postToServer(envelope) {
  const headers = { "Content-Type": "application/json" };
  return ask("/sync", { method: "POST", headers, body: JSON.stringify(envelope) }, PATIENCE_MS);
}

/**
 * What is the own of whoever is signed in, as the server has it now; `null` when it does not say.
 * @returns {Promise<Omit<import("./types.js").Lists, "taken_at"> | null>}
 */
export async function ownLists() {
  try {
    const response = await ask("/sync/lists", { cache: "no-store" }, PATIENCE_MS);
    return response.ok ? await response.json() : null;
  } catch {
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
