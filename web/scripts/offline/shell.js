/**
 * The shell: pages and files of one version that open without a network. They are the same for everybody and name
 * nobody; the phone fills them in. Each is kept under the address people open it by.
 */

const CACHE = `shell-${VERSION}`;
/** Where the server has a page for the shell, if not at its own address: there it would be somebody's. */
const SOURCES = new Map([["/study/new", "/study/capture"]]);
/** Only browsers that cannot read a QR code themselves need what reads one (`components/check-in.js`). */
const FILES = SHELL.filter((path) => !path.startsWith("/assets/scan-") || !("BarcodeDetector" in globalThis));
const ADDRESSES = new Set(FILES);
const WITHOUT_NETWORK = "/sync/offline.json";
/** In which version of the shell a page says that it belongs; files have the digest of their content in their name. */
const OF_VERSION = "Sanliang-Shell";

/**
 * The page or file of the shell at `url`; `undefined` when it is none, or the browser has thrown it away.
 * @param {URL} url
 */
export async function fromShell(url) {
  return isInShell(url) ? caches.match(url.pathname, { cacheName: CACHE }) : undefined;
}

/** @param {URL} url */
export function isInShell(url) {
  return !url.search && ADDRESSES.has(url.pathname);
}

/**
 * Of which pages the phone keeps last copies, and for which ones a part of the capture page stands in without a network
 * (`app/features/sync/kinds.py`). Of none, when the browser has thrown that away.
 * @returns {Promise<{readable: string[], stand_ins: [string, string][]}>}
 */
export async function withoutNetwork() {
  const kept = await caches.match(WITHOUT_NETWORK, { cacheName: CACHE });
  return kept ? kept.json() : { readable: [], stand_ins: [] };
}

/**
 * Browsers that can open the shell straight from its cache need not start the worker for it.
 * @param {any} event of the installation
 */
export async function routeShell(event) {
  const conditions = FILES.map((pathname) => ({ urlPattern: { pathname, search: "" }, requestMethod: "GET" }));
  const routes = conditions.map((condition) => ({ condition, source: { cacheName: CACHE } }));
  await event.addRoutes?.(routes).catch(() => {}); // the worker serves them itself then
}

/**
 * Fetch the whole shell, or leave what is there.
 *
 * Throws when a page is of another version than this worker: while an update goes on, servers of both answer.
 */
export async function fillShell() {
  const answers = await Promise.all(FILES.map(async (path) => ({ path, response: await fetchFresh(path) })));
  for (const { path, response } of answers) {
    if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
    const isOurs = path.startsWith("/assets/") || response.headers.get(OF_VERSION) === VERSION;
    if (!isOurs) throw new Error(`${path}: another version`);
  }
  const cache = await caches.open(CACHE);
  await Promise.all(answers.map(({ path, response }) => cache.put(path, response)));
}

/**
 * Language, theme and size of type are part of the shell's pages: after a new choice they are fetched again.
 * @param {string} looks as the `<html>` of a page that has just come says them
 */
export async function refreshShell(looks) {
  const kept = await caches.match("/outbox", { cacheName: CACHE });
  if (!(await kept?.text())?.includes(looks)) await fillShell();
}

/** Only this version stays. */
export async function forgetOldShells() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * The content of a file with a digest in its name never changes; that of a page does.
 * @param {string} path
 */
function fetchFresh(path) {
  return fetch(SOURCES.get(path) ?? path, path.startsWith("/assets/") ? {} : { cache: "reload" });
}
