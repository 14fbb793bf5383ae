/**
 * The queue on the phone: what was recorded here and has not been named by the server yet.
 * It knows no page and no network. An item leaves only through `settle()` or the member's own hand.
 */
import { openDB } from "idb";

/**
 * What the phone keeps of a thing that happened. The fields up to `would_be_refused` are what is sent.
 * @typedef {object} Item
 * @property {string} id UUIDv7, made at the moment of the act
 * @property {string} kind such as `study.record`
 * @property {Record<string, unknown>} payload what happened
 * @property {string} occurred_at the phone's time with its offset from UTC
 * @property {number} seq counter of this phone
 * @property {string | null} depends_on id of an item that must come first
 * @property {boolean} made_offline
 * @property {string | null} would_be_refused code of a refusal the phone already knew
 * @property {string} member_id whose it is; never sent by anybody else
 * @property {string} label one line for the list
 * @property {"waiting" | "needs_you"} state
 * @property {boolean} tried whether it was ever put on the wire: the server may know it although no answer came
 * @property {{verdict: string, code: string | null, message: string | null} | null} verdict why it needs you
 */
/**
 * A thing the server has named: kept for the list of what was sent.
 * @typedef {object} Sent
 * @property {string} id
 * @property {string} member_id
 * @property {string} kind
 * @property {string} label
 * @property {string} occurred_at
 * @property {string} verdict
 * @property {string | null} message
 * @property {string} sent_at
 */
/**
 * @typedef {object} Verdict
 * @property {string} id
 * @property {string} verdict
 * @property {string | null} [code]
 * @property {string | null} [message]
 * @property {number | null} [retry_after] seconds
 */

const VERSION = 1;
const KEEP_SENT = 30;
/** Verdicts after which the server has the item (or its grave) and the phone may forget it. */
const SETTLED = new Set(["accepted", "duplicate", "review", "held", "withdrawn"]);
/** Verdicts that only the member can answer. */
const NEEDS_YOU = new Set(["conflict", "refused"]);

export class Outbox {
  /** @type {Promise<import("idb").IDBPDatabase> | null} */
  #opening = null;
  #name;

  /** @param {string} [name] the database's name; tests take their own */
  constructor(name = "sanliang") {
    this.#name = name;
  }

  /**
   * Put down what has just happened. Resolves when it is safely stored; rejects when it is not
   * (`QuotaExceededError` on a full phone), and then nothing was stored and the form must keep its content.
   * @param {Pick<Item, "id" | "kind" | "payload" | "occurred_at" | "member_id" | "label"> & Partial<Item>} act
   * @returns {Promise<Item>}
   */
  async capture(act) {
    const transaction = (await this.#db()).transaction(["items", "meta"], "readwrite", { durability: "strict" });
    const meta = transaction.objectStore("meta");
    const seq = ((await meta.get("seq")) ?? 0) + 1;
    /** @type {Item} */
    const item = {
      depends_on: null,
      made_offline: false,
      would_be_refused: null,
      ...act,
      seq,
      state: "waiting",
      tried: false,
      verdict: null,
    };
    await Promise.all([meta.put(seq, "seq"), transaction.objectStore("items").add(item), transaction.done]);
    return item;
  }

  /**
   * What `member` recorded and what has not been sent, oldest first.
   * @param {string} member
   * @param {Item["state"]} [state]
   * @returns {Promise<Item[]>}
   */
  async items(member, state) {
    /** @type {Item[]} */
    const own = await (await this.#db()).getAllFromIndex("items", "member_id", member);
    return own.filter((item) => !state || item.state === state).sort((a, b) => a.seq - b.seq);
  }

  /**
   * How many items of other people lie on this phone. Their content is nobody else's business.
   * @param {string | null} member
   */
  async countOfOthers(member) {
    const db = await this.#db();
    const all = await db.count("items");
    return member ? all - (await db.countFromIndex("items", "member_id", member)) : all;
  }

  /**
   * Do what the server's verdicts say. Ids that no verdict names stay exactly as they are.
   * @param {Verdict[]} verdicts
   * @param {string} sentAt ISO moment for the list of what was sent
   */
  async settle(verdicts, sentAt) {
    const transaction = (await this.#db()).transaction(["items", "sent"], "readwrite");
    const items = transaction.objectStore("items");
    const sent = transaction.objectStore("sent");
    for (const { id, verdict, code = null, message = null } of verdicts) {
      /** @type {Item | undefined} */
      const item = await items.get(id);
      if (!item) continue;
      if (SETTLED.has(verdict)) {
        const { member_id, kind, label, occurred_at } = item;
        await sent.put({ id, member_id, kind, label, occurred_at, verdict, message, sent_at: sentAt });
        await items.delete(id);
      } else if (NEEDS_YOU.has(verdict)) {
        await items.put({ ...item, state: "needs_you", verdict: { verdict, code, message } });
      }
    }
    await transaction.done;
    await this.#trimSent();
  }

  /**
   * Note that these ids are about to be put on the wire.
   * @param {string[]} ids
   */
  async markTried(ids) {
    const transaction = (await this.#db()).transaction("items", "readwrite");
    for (const id of ids) {
      /** @type {Item | undefined} */
      const item = await transaction.store.get(id);
      if (item && !item.tried) await transaction.store.put({ ...item, tried: true });
    }
    await transaction.done;
  }

  /**
   * Take an item out by the member's own hand, before the server has seen it or after it was refused.
   * @param {string} id
   * @param {string} member
   */
  async remove(id, member) {
    const transaction = (await this.#db()).transaction("items", "readwrite");
    const item = await transaction.store.get(id);
    if (item?.member_id === member) await transaction.store.delete(id);
    await transaction.done;
  }

  /**
   * The last things `member` sent from this phone, newest first.
   * @param {string} member
   * @returns {Promise<Sent[]>}
   */
  async sent(member) {
    /** @type {Sent[]} */
    const own = await (await this.#db()).getAllFromIndex("sent", "member_id", member);
    return own.sort((a, b) => b.sent_at.localeCompare(a.sent_at));
  }

  /** Forget the list of what was sent (at sign-out). The queue itself stays. */
  async forgetSent() {
    await (await this.#db()).clear("sent");
  }

  /**
   * A small value the phone remembers.
   * @param {string} key
   * @returns {Promise<any>}
   */
  async recall(key) {
    return (await this.#db()).get("meta", key);
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  async remember(key, value) {
    await (await this.#db()).put("meta", value, key);
  }

  /**
   * Change a remembered value in one step that no other tab can come between.
   * @template T
   * @param {string} key
   * @param {(value: any) => T | undefined} change gives the new value, or `undefined` to leave it
   * @returns {Promise<T | undefined>}
   */
  async change(key, change) {
    const transaction = (await this.#db()).transaction("meta", "readwrite");
    const value = change(await transaction.store.get(key));
    if (value !== undefined) await transaction.store.put(value, key);
    await transaction.done;
    return value;
  }

  /** The name this phone's queue has for the server; made once. */
  async deviceId() {
    return this.change("device_id", (known) => known ?? crypto.randomUUID());
  }

  async #trimSent() {
    const transaction = (await this.#db()).transaction("sent", "readwrite");
    /** @type {Sent[]} */
    const all = await transaction.store.getAll();
    const old = all.sort((a, b) => b.sent_at.localeCompare(a.sent_at)).slice(KEEP_SENT);
    await Promise.all([...old.map(({ id }) => transaction.store.delete(id)), transaction.done]);
  }

  /** iOS closes databases behind a page's back: open again instead of failing for good. */
  #db() {
    this.#opening ??= openDB(this.#name, VERSION, {
      upgrade(db) {
        db.createObjectStore("items", { keyPath: "id" }).createIndex("member_id", "member_id");
        db.createObjectStore("sent", { keyPath: "id" }).createIndex("member_id", "member_id");
        db.createObjectStore("meta");
      },
      blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close(),
      terminated: () => {
        this.#opening = null;
      },
    }).catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }
}
