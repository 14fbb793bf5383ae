/** What the member does with the queue on this phone, and when it is sent. */
import { leaveOnce } from "../leave.js";
import { EndedError, ownLists, postToServer, serverAnswers } from "./ask.js";
import { dropOldCopies, forgetCopies } from "./copies.js";
import { isFull } from "./database.js";
import { forgetWhoWasHere } from "./forget.js";
import { newId, withOffset } from "./ids.js";
import { bringLists, dropListsOfOthers, dropOldLists } from "./lists.js";
import { sendAll } from "./send.js";
import { changed, isReachable, member, note, outbox, saidHere } from "./standing.js";
import { Backoff, asOnlySender, oneAtATime } from "./timing.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Round} Round */

const VISIBLE_DELAY_MS = 1500; // iOS wakes a page before its network
/** How long somebody who records waits for the server to say who is here. */
const ASKED_PATIENCE_MS = 2500;
const LISTS_FRESH_MS = 10 * 60 * 1000;
const backoff = new Backoff();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** Until when the server wants to be left alone, on the page's own clock. */
let quietUntil = 0;

/** Nobody is signed in on this phone, so nobody can have done anything. */
export class NobodyHereError extends Error {}

/**
 * Put down an act of the member who is signed in here.
 * @param {Pick<Item, "kind" | "payload" | "label"> & Partial<Item>} act
 * @param {string | null} [instead] id of an own item that this one replaces
 * @returns {Promise<Item>} rejects when it could not be stored, and then nothing was
 */
export async function capture(act, instead = null) {
  const kept = await keepMakingRoom(await signed(act), instead);
  askToStay().catch(() => {}); // some in-app browsers have the name and not the thing
  changed();
  sendNow();
  return kept;
}

/**
 * Take back what was recorded here. What may have reached the server is withdrawn there too.
 * @param {Pick<Item, "id" | "label" | "note">} item
 * @returns {Promise<string | null>} id of the withdrawal, if one has to be sent
 */
export async function withdraw({ id, label, note }) {
  const withdrawal = await signed({ kind: "withdraw", payload: { id }, label, note });
  const goesOut = await outbox.takeBack(id, withdrawal);
  changed();
  sendNow();
  return goesOut ? withdrawal.id : null;
}

/**
 * Take a record off this phone that the server has refused.
 * @param {string} id
 */
export async function forget(id) {
  const whose = await member();
  if (whose) await outbox.remove(id, whose);
  changed();
}

/**
 * Try at once, because the network came back or something new waits.
 * @param {{asked?: boolean}} [why] whether a person asked; only then is a server disturbed that wants to be left alone
 */
export function sendNow({ asked = false } = {}) {
  backoff.reset();
  if (asked) quietUntil = 0;
  return run();
}

/** Begin: remember who is here, and send on load, when the network or the page comes back, and by timer. */
export async function begin() {
  const here = saidHere();
  for (const event of ["online", "offline"]) {
    addEventListener(event, () => {
      note({ answered: null });
      sendNow();
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") setTimeout(sendNow, VISIBLE_DELAY_MS);
  });
  addEventListener("pageshow", async (event) => {
    if (!(/** @type {PageTransitionEvent} */ (event).persisted)) return;
    const known = await outbox.recall("member").catch(() => here);
    if (here && here !== known) leaveOnce(() => location.reload()); // somebody else is here by now
    else sendNow();
  });
  if (here) {
    await outbox.remember("member", here);
    await dropListsOfOthers(outbox, here);
  } else if (document.documentElement.dataset.fromPhone !== undefined) await whoIsHere();
  const brought = here && !document.documentElement.dataset.copiedAt ? refreshLists(LISTS_FRESH_MS) : null;
  await dropOldCopies();
  await sendNow();
  await brought; // lists a wrong clock dated are new again once the server has answered
  await dropOldLists(outbox);
}

/**
 * Bring along what can be spoken of without a network, unless that was done a moment ago.
 * @param {number} [freshMs]
 */
export async function refreshLists(freshMs = 0) {
  try {
    const whose = await member();
    if (!whose || !(await bringLists({ store: outbox, ask: ownLists, whose, freshMs }))) return;
    changed();
    const worker = (await navigator.serviceWorker?.getRegistration())?.active;
    worker?.postMessage({ member: whose, areNew: true });
  } catch (error) {
    if (error instanceof EndedError) return leave();
    // no usable store, or no room: what is there stays
  }
}

/** The session was ended from elsewhere: the page that says so has nothing left to show of anybody. */
async function leave() {
  await forgetMember().catch(() => {}); // no usable store, and so nothing in it
  leaveOnce(() => location.replace("/sign-in?ended=1"));
}

/** Somebody signs out: forget who is here, what was sent and what could be read; the queue itself stays. */
export async function forgetMember() {
  document.cookie = "sanliang_here=; Max-Age=0; Path=/";
  await forgetWhoWasHere(outbox);
  changed();
}

const run = oneAtATime(async () => {
  clearTimeout(timer);
  const quiet = quietUntil - performance.now();
  if (quiet > 0) {
    timer = setTimeout(run, quiet);
    return;
  }
  try {
    const whose = await member();
    const waits = whose !== null && (await outbox.items(whose, "waiting")).length > 0;
    const round = waits ? await send(whose) : await knock();
    if (round.state === "ended") return await leave();
    if (round.state === "later") quietUntil = performance.now() + (round.retryAfter ?? 0) * 1000;
    if (["later", "put_off", "offline"].includes(round.state)) tryLater(round);
    else backoff.reset();
  } catch {
    // no usable store: there is nothing to send
  }
});

/**
 * @param {string} whose
 * @returns {Promise<Round>}
 */
async function send(whose) {
  note({ sending: true });
  try {
    /** @type {Round | undefined} */
    let round;
    await asOnlySender(outbox, async () => {
      round = await sendAll({ store: outbox, post: postToServer, member: whose, version: APP_VERSION });
    });
    round ??= { state: "put_off", sent: 0, retryAfter: null }; // another tab is at it
    note({ last: round.state, answered: round.state !== "offline" });
    if (round.sent) refreshLists();
    return round;
  } finally {
    note({ sending: false });
    changed();
  }
}

/**
 * With nothing to send, only a page that did not just come from the server asks whether it is there.
 * @returns {Promise<Round>}
 */
async function knock() {
  const { fromPhone, copiedAt } = document.documentElement.dataset;
  const asks = fromPhone !== undefined || copiedAt !== undefined || !isReachable();
  const answered = asks ? await serverAnswers() : null;
  note({ last: null, answered });
  if (answered) await refreshLists(LISTS_FRESH_MS); // which tells, too, whether somebody is still signed in
  return { state: answered === false ? "offline" : "done", sent: 0, retryAfter: null };
}

/** @param {Round} round that did not send everything */
function tryLater({ state, retryAfter }) {
  timer = setTimeout(run, backoff.next(retryAfter) * 1000);
  if (state !== "offline") return; // Background Sync would try at once
  navigator.serviceWorker?.ready
    .then((/** @type {any} */ registration) => registration.sync?.register("outbox"))
    .catch(() => {}); // it is a bonus
}

/**
 * Who is here: as the server has said, or says now. What the phone remembers, which may be nothing or somebody who has
 * left, is only believed while the server says nothing.
 */
async function whoIsHere() {
  const said = saidHere();
  if (said) return said;
  /** @type {string | null} */
  const known = (await outbox.recall("member")) ?? null;
  if (known && !isReachable()) return known;
  // of a session that was ended elsewhere the next round hears; what its member does now is kept for that person
  const lists = await ownLists(ASKED_PATIENCE_MS).catch(() => null);
  const told = lists ? String(lists.member_id) : null;
  if (told && told !== known) {
    await outbox.remember("member", told);
    await dropListsOfOthers(outbox, told);
    changed();
  }
  return told ?? known;
}

/**
 * The act with its id, its moment and whose it is.
 * @param {Pick<Item, "kind" | "payload" | "label"> & Partial<Item>} act
 */
async function signed(act) {
  const whose = await whoIsHere();
  if (!whose) throw new NobodyHereError();
  return { id: newId(), occurred_at: withOffset(), member_id: whose, made_offline: !isReachable(), ...act };
}

/**
 * A full phone gives up copies of pages before it gives up what its owner recorded.
 * @param {import("./types.js").Act} act
 * @param {string | null} instead
 */
async function keepMakingRoom(act, instead) {
  try {
    return await outbox.capture(act, instead);
  } catch (error) {
    if (!isFull(error)) throw error;
    await forgetCopies();
    return outbox.capture(act, instead);
  }
}

/** Ask the browser once not to clear this phone's records when space runs out; it may say no. */
async function askToStay() {
  if (await outbox.change("asked_to_stay", (asked) => (asked ? undefined : true))) await navigator.storage?.persist?.();
}
