/** People, stores and servers for the tests of the queue. */
import { newId, withOffset } from "../../web/scripts/offline/ids.js";
import { sendAll } from "../../web/scripts/offline/send.js";
import { Outbox } from "../../web/scripts/offline/store.js";

export const ALICE = "alice";
export const BOB = "bob";
let number = 0;

export function freshStore() {
  number += 1;
  return new Outbox(`test-${process.pid}-${number}`);
}

/** An act of `member`, as a form hands it over. */
export function act(member = ALICE, title = "《支部工作条例》", fields = {}) {
  const payload = { title, minutes: 30, takeaway: null };
  return { id: newId(), kind: "study.record", payload, occurred_at: withOffset(), member_id: member, label: title, ...fields };
}

export function withdrawal(id, member = ALICE) {
  return act(member, "", { kind: "withdraw", payload: { id } });
}

export function record(store, member = ALICE, title = undefined) {
  return store.capture(act(member, title));
}

export function answer(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers });
}

/** A server that answers every item with `verdict`. */
export function agreeing(verdict = "accepted", seen = []) {
  return async (envelope) => {
    seen.push(envelope);
    return answer(200, { server_time: "", verdicts: envelope.items.map(({ id }) => ({ id, verdict })) });
  };
}

export function send(store, post, member = ALICE) {
  return sendAll({ store, post, member, version: "1" });
}

/** Let the phone have no room for anything new while `work` runs; what is there can be read and deleted. */
export async function onAFullPhone(work) {
  const { put, add } = IDBObjectStore.prototype;
  const refuse = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  Object.assign(IDBObjectStore.prototype, { put: refuse, add: refuse });
  try {
    return await work();
  } finally {
    Object.assign(IDBObjectStore.prototype, { put, add });
  }
}

/** What goes wrong during `work` without anybody hearing of it, as a browser would say it of a page. */
export async function unheardOf(work) {
  const unheard = [];
  const hear = (error) => unheard.push(error);
  const others = process.listeners("unhandledRejection"); // the runner of the tests would call it a failure
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", hear);
  try {
    await work();
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    return unheard;
  } finally {
    process.off("unhandledRejection", hear);
    for (const other of others) process.on("unhandledRejection", other);
  }
}
