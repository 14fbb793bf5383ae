/**
 * The service worker: the shell is at hand before the network is asked, a page waits for the network only so
 * long and is then shown as its last copy, and the queue is sent when the network comes back. Writes are never touched.
 */
import { copyOf, forgetCopies, isReadable, keepCopy } from "./offline/copies.js";
import { postToServer } from "./offline/post.js";
import { sendAll } from "./offline/send.js";
import { Outbox } from "./offline/store.js";
import { asOnlySender } from "./offline/timing.js";

const CACHE = `shell-${VERSION}`;
const PATIENCE_MS = 2500; // a network that accepts and never answers
/** Addresses that open from the shell: the page there is the same for everybody and fills itself on the phone. */
const SHELL_FOR = new Map([
  ["/study/new", "/study/capture"],
  ["/outbox", "/outbox"],
]);
const SIGNING = new Set(["/sign-in", "/sign-out", "/activate"]);

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  event.waitUntil(fillShell().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldShells().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  if (event.data === "refresh-shell") event.waitUntil(fillShell().catch(() => {}));
});

worker.addEventListener("sync", (/** @type {any} */ event) => {
  if (event.tag === "outbox") event.waitUntil(sendQueue());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && SIGNING.has(url.pathname)) event.waitUntil(forgetCopies());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (SHELL.includes(url.pathname)) event.respondWith(fromShell(url.pathname, request));
});

async function fillShell() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" })));
}

async function forgetOldShells() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * @param {string} path
 * @param {Request} request asked for when the browser has thrown the shell away
 */
async function fromShell(path, request) {
  return (await caches.match(path, { cacheName: CACHE })) ?? fetch(request);
}

/**
 * @param {FetchEvent} event
 * @param {URL} url
 */
async function page(event, url) {
  const shell = url.search ? undefined : SHELL_FOR.get(url.pathname);
  if (shell) return fromShell(shell, event.request);
  const live = fetch(event.request);
  if (isReadable(url)) event.waitUntil(live.then((response) => keepCopy(url, response.clone())).catch(() => {}));
  const copy = () => copyOf(url);
  try {
    return await within(PATIENCE_MS, live);
  } catch {
    return (await copy()) ?? (await caches.match("/offline", { cacheName: CACHE })) ?? Response.error();
  }
}

async function sendQueue() {
  const outbox = new Outbox();
  const member = await outbox.recall("member");
  if (!member) return;
  await asOnlySender(outbox, async () => {
    const round = await sendAll({ store: outbox, post: postToServer, member, version: APP_VERSION });
    if (round.state === "offline" || round.state === "later") throw new Error("not yet: the browser asks again");
  });
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
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new Error("no answer in time")), milliseconds);
    }),
  ]);
}
