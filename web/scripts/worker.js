/**
 * The service worker: the shell is at hand before the network is asked, a page waits for the network only so
 * long, and nothing of anybody is kept here. Writes are never touched.
 */
/* global SHELL, VERSION */
const CACHE = `shell-${VERSION}`;
const PATIENCE_MS = 2500; // a network that accepts and never answers

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.map((/** @type {string} */ path) => new Request(path, { cache: "reload" }))))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("shell-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL.includes(url.pathname)) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

/** @param {Request} request */
async function fromShell(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

/** @param {Request} request */
async function page(request) {
  try {
    return await within(PATIENCE_MS, fetch(request));
  } catch {
    return (await caches.match("/offline", { cacheName: CACHE })) ?? Response.error();
  }
}

/**
 * @template T
 * @param {number} milliseconds
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function within(milliseconds, promise) {
  return Promise.race([
    promise,
    new Promise((_resolve, reject) => setTimeout(() => reject(new Error("no answer in time")), milliseconds)),
  ]);
}
