/**
 * The service worker: the shell is at hand before the network is asked, a page waits for the network only so
 * long and is then shown as its last copy, and the queue is sent when the network comes back. Writes are never touched.
 */
import { postToServer } from "./offline/ask.js";
import { copyOf, fetchMissingCopies, forgetCopies, keepCopy } from "./offline/copies.js";
import { forgetWhoWasHere } from "./offline/forget.js";
import { keptBy } from "./offline/kept.js";
import { dropListsOfOthers, listsOf } from "./offline/lists.js";
import { sendAll } from "./offline/send.js";
import { fillShell, forgetOldShells, fromShell, isInShell, refreshShell, routeShell, withoutNetwork } from "./offline/shell.js";
import { Outbox } from "./offline/store.js";
import { asOnlySender } from "./offline/timing.js";

const PATIENCE_MS = 2500; // a network that accepts and never answers
const PATIENCE_WITHOUT_COPY_MS = 10_000; // a slow page is better than none
const SIGNING = new Set(["/sign-in", "/sign-out", "/activate"]);
const OUTSIDE = /^\/sign-in\/with\//; // by way of somebody outside: a matter of browser and server alone
const BACK = /\/back$/;
const FILE = /\.\w+$/;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const outbox = new Outbox();
/** How often somebody has signed in or out under this worker's eyes. */
let signings = 0;
/** Done when it is written down that nobody knows who is here. */
let doubted = Promise.resolve();

worker.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([fillShell(), routeShell(event)]).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldShells().then(() => worker.clients.claim()));
});

/** A page has come from the server, and says how it looks and whose it is; or it has brought new lists. */
worker.addEventListener("message", (event) => {
  const { looks, member, areNew = false } = event.data;
  const before = signings;
  const isStillHere = () => signings === before;
  if (looks) event.waitUntil(refreshShell(looks).catch(() => {}));
  const fetchAll = async () => {
    const { readable } = await withoutNetwork();
    await fetchMissingCopies([...readable, ...(await keptPages(member))], await listedPages(member), member, isStillHere, areNew);
  };
  if (member) event.waitUntil(fetchAll().catch(() => {}));
});

worker.addEventListener("sync", (/** @type {any} */ event) => {
  if (event.tag === "outbox") event.waitUntil(sendQueue());
});

/** The house says that there is something to do: always the same words, and never more. */
worker.addEventListener("push", (event) => {
  /** @type {{title?: string, body?: string, icon?: string}} */
  let said = {};
  try {
    said = event.data?.json() ?? {};
  } catch {
    // of no use, but what comes has to be shown: browsers end it otherwise
  }
  const { title = "Sanliang", body = "", icon } = said;
  event.waitUntil(worker.registration.showNotification(title, { body, tag: "something-to-do", icon }));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openToday());
});

/** Show the page of today: in a window that is open, else in a new one. */
async function openToday() {
  const [open] = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!open) return worker.clients.openWindow("/");
  await open.focus().catch(() => {});
  return open.navigate("/").catch(() => worker.clients.openWindow("/"));
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const goesOutside = OUTSIDE.test(url.pathname);
  if (goesOutside && BACK.test(url.pathname)) {
    // perhaps somebody else: no copy opens until a page of the server says who is here, and nothing of the same one is lost
    signings += 1;
    doubted = outbox.remember("member", null).catch(() => {});
    event.waitUntil(doubted);
  }
  if (request.method === "POST" && SIGNING.has(url.pathname)) {
    signings += 1;
    event.waitUntil(forgetCopies());
    event.waitUntil(dropListsOfOthers(outbox, null).catch(() => {}));
    event.waitUntil(outbox.remember("kept", null).catch(() => {}));
    event.waitUntil(outbox.remember("quiz_draft", null).catch(() => {}));
  }
  if (request.method !== "GET" || goesOutside) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (isInShell(url)) event.respondWith(fromShell(url).then((kept) => kept ?? fetch(request)));
});

/**
 * @param {FetchEvent} event
 * @param {URL} url
 */
async function page(event, url) {
  const kept = await fromShell(url);
  if (kept) return kept;
  const live = fetch(event.request);
  live.catch(() => {}); // it may fail before anybody waits for it
  const { readable, stand_ins } = await withoutNetwork();
  const isKept = async () => {
    const whose = await whoseCopies();
    return [...readable, ...(await listedPages(whose)), ...(await keptPages(whose))].includes(url.pathname);
  };
  if (url.search || !(await isKept())) {
    if (FILE.test(url.pathname)) return live.catch(offlinePage); // a table takes as long as it takes
    const part = stand_ins.find(([address]) => new RegExp(address).test(url.pathname + url.search))?.[1];
    if (!part) return within(PATIENCE_WITHOUT_COPY_MS, live).catch(offlinePage);
    if (part.startsWith("/")) return within(PATIENCE_MS, live).catch(async () => (await fromShell(new URL(part, location.origin))) ?? offlinePage());
    const filled = url.pathname === "/study/new" ? url.search : ""; // what the form is opened with
    return within(PATIENCE_MS, live).catch(() => Response.redirect(`/study/new#${part}${filled}`));
  }
  const before = signings;
  const isStillHere = () => signings === before;
  // the first to see the answer, so that it can still be doubled
  event.waitUntil(live.then((answer) => keepCopy(url.pathname, answer.clone(), isStillHere)).catch(() => {}));
  try {
    const answer = await within(PATIENCE_MS, live);
    return answer.status < 500 ? answer : ((await copy(url)) ?? answer);
  } catch {
    return (await copy(url)) ?? offlinePage();
  }
}

/** @param {URL} url */
async function copy(url) {
  return copyOf(url.pathname, await whoseCopies());
}

/** @returns {Promise<string | null>} */
async function whoseCopies() {
  await doubted;
  return outbox.recall("member").catch(() => null);
}

/**
 * The pages that the lists of `member` name, besides those that everybody has.
 * @param {string | null} member
 * @returns {Promise<string[]>}
 */
async function listedPages(member) {
  const lists = await listsOf(outbox, member).catch(() => null);
  return /** @type {string[]} */ (lists?.pages ?? []);
}

/**
 * The pages that `member` wants to keep on this phone.
 * @param {string | null} member
 */
async function keptPages(member) {
  return keptBy(outbox, member).catch(() => []);
}

async function offlinePage() {
  return (await fromShell(new URL("/offline", location.origin))) ?? Response.error();
}

async function sendQueue() {
  const member = await outbox.recall("member");
  if (!member) return;
  await asOnlySender(outbox, async () => {
    const round = await sendAll({ store: outbox, post: postToServer, member, version: APP_VERSION });
    new BroadcastChannel("sanliang:outbox").postMessage("changed");
    if (round.state === "ended") {
      signings += 1;
      await forgetWhoWasHere(outbox);
    }
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
