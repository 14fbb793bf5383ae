/**
 * Last copies of the pages that may be read without a network, and of the files that somebody keeps: of one person, never
 * two, and never to be acted on.
 */

import { isTooOld } from "./timing.js";

const CACHE = "copies";
const MEMBER = /<html\b[^>]*\bdata-member-id="([^"]+)"/;

/**
 * Keep the page somebody has just been given, which says whose it is, or a file, whose answer does. Copies of anybody
 * else go first.
 * @param {string} path
 * @param {Response} response
 * @param {() => boolean} isStillHere whether nobody has signed in or out since the page was asked for
 */
export async function keepCopy(path, response, isStillHere) {
  if (response.status === 404) return dropCopy(path); // no longer theirs
  if (!response.ok || response.redirected) return;
  const content = isPage(response) ? await response.text() : await response.blob();
  const member = typeof content === "string" ? MEMBER.exec(content)?.[1] : response.headers.get("X-Member");
  if (!member || !isStillHere()) return;
  const cache = await caches.open(CACHE);
  await dropCopiesOfOthers(cache, member);
  const headers = new Headers(response.headers); // with the page's own policy
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set("X-Copied-At", new Date().toISOString());
  headers.set("X-Member", member);
  await cache.put(path, new Response(content, { headers })).catch(() => {}); // a full phone keeps no copies
}

/**
 * The last copy of `member`'s page, marked with its time and with every form switched off that does not go through the
 * queue (`data-queued`); `undefined` when there is none.
 * @param {string} path
 * @param {string | null} member
 * @returns {Promise<Response | undefined>}
 */
export async function copyOf(path, member) {
  await dropOldCopies();
  const kept = await caches.match(path, { cacheName: CACHE });
  if (!kept || kept.headers.get("X-Member") !== member) return undefined;
  if (!isPage(kept)) return kept;
  const html = await kept.text();
  const marked = html
    .replace("<html ", `<html data-copied-at="${kept.headers.get("X-Copied-At")}" `)
    .replace(/<form (?!data-queued)/g, "<form inert ");
  return new Response(marked, { headers: kept.headers });
}

/**
 * Fetch the pages that `member` has not opened since signing in, so that all of them can be read without a network; those
 * that the lists name anew with the lists. Others go.
 * @param {string[]} readable
 * @param {string[]} listed
 * @param {string} member
 * @param {() => boolean} isStillHere
 * @param {boolean} areNew whether the lists have just come
 */
export async function fetchMissingCopies(readable, listed, member, isStillHere, areNew) {
  const all = [...readable, ...listed];
  await dropCopies(await caches.open(CACHE), (_headers, path) => !all.includes(path));
  for (const path of all) {
    const kept = await caches.match(path, { cacheName: CACHE });
    if (kept?.headers.get("X-Member") === member && !(areNew && listed.includes(path))) continue;
    const answer = await fetch(path);
    if (answer.redirected) return; // who works for a community alone has none of these pages
    await keepCopy(path, answer, isStillHere);
  }
}

/**
 * Nothing is left to read: somebody signed out or in, or the phone has no room. Page by page, because the room of a
 * whole cache comes back only when nobody holds it any more.
 */
export async function forgetCopies() {
  if (!globalThis.caches) return; // an address without TLS
  const cache = await caches.open(CACHE);
  await Promise.all((await cache.keys()).map((request) => cache.delete(request)));
  await caches.delete(CACHE);
}

/**
 * Nothing of the page or file at `path` stays on the phone.
 * @param {string} path
 */
export async function dropCopy(path) {
  await dropCopies(await caches.open(CACHE), (_headers, at) => at === path);
}

/** Copies too old to be kept without the server are gone, whether or not somebody asks for them. */
export async function dropOldCopies() {
  if (!globalThis.caches || !(await caches.has(CACHE))) return;
  await dropCopies(await caches.open(CACHE), (headers) => isTooOld(headers.get("X-Copied-At")));
}

/** @param {Response} response */
function isPage({ headers }) {
  return Boolean(headers.get("Content-Type")?.startsWith("text/html"));
}

/**
 * @param {Cache} cache
 * @param {string} member
 */
function dropCopiesOfOthers(cache, member) {
  return dropCopies(cache, (headers) => headers.get("X-Member") !== member);
}

/**
 * @param {Cache} cache
 * @param {(headers: Headers, path: string) => boolean} goes
 */
async function dropCopies(cache, goes) {
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    if (!kept || goes(kept.headers, new URL(request.url).pathname)) await cache.delete(request);
  }
}
