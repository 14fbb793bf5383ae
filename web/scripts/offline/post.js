/** The one request of the queue. */

const PATIENCE_MS = 20_000;

/**
 * @param {object} envelope
 * @returns {Promise<Response>}
 */
export async function postToServer(envelope) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  try {
    const response = await fetch("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(envelope),
      credentials: "same-origin",
      redirect: "error",
      signal: ending.signal,
    });
    const body = await response.text(); // the answer's end is under the same limit as its beginning
    return new Response(body, { status: response.status, headers: response.headers });
  } finally {
    clearTimeout(timer);
  }
}
