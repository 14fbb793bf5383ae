/**
 * Last copies of the pages that may be read without a network: of one person, never two, and never to be acted on.
 */

const CACHE = "copies";
const READABLE = new Set(["/", "/sheet", "/study"]);
const MEMBER = /<html\b[^>]*\bdata-member-id="([^"]+)"/;

/** @param {URL} url */
export function isReadable(url) {
  return READABLE.has(url.pathname) && !url.search;
}

/**
 * Keep the page somebody has just been given. Copies of anybody else go first.
 * @param {URL} url
 * @param {Response} response
 */
export async function keepCopy(url, response) {
  if (!response.ok || response.redirected) return;
  const html = await response.text();
  const member = MEMBER.exec(html)?.[1];
  if (!member) return;
  await dropCopiesOfOthers(member);
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Copied-At": new Date().toISOString(),
    "X-Member": member,
  };
  const cache = await caches.open(CACHE);
  await cache.put(url.pathname, new Response(html, { headers })).catch(() => {}); // a full phone keeps no copies
}

/**
 * The last copy, marked with its time and with every form disabled; `undefined` when there is none.
 * @param {URL} url
 * @returns {Promise<Response | undefined>}
 */
export async function copyOf(url) {
  if (!isReadable(url)) return undefined;
  const kept = await caches.match(url.pathname, { cacheName: CACHE });
  if (!kept) return undefined;
  const html = await kept.text();
  const marked = html
    .replace("<html ", `<html data-copied-at="${kept.headers.get("X-Copied-At")}" `)
    .replaceAll("<form ", "<form inert ");
  return new Response(marked, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/** Nothing is left to read after somebody signed out or in. */
export function forgetCopies() {
  return caches.delete(CACHE);
}

/** @param {string} member */
async function dropCopiesOfOthers(member) {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    if (kept?.headers.get("X-Member") !== member) await cache.delete(request);
  }
}
