/**
 * The queue on the phone: what was recorded here and has not been named by the server yet.
 * It knows no page and no network. An item leaves only through `settle()` or the member's own hand.
 */
import { Database, isFull } from "./database.js";
import { newId } from "./ids.js";
import { moveToSent, newestFirst, noteDecided, noteShown, trimSent } from "./sent.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Act} Act */
/** @typedef {import("./types.js").Sent} Sent */
/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./database.js").Transaction} Transaction */

/** Verdicts after which the server has the item (or its grave) and the phone may forget it. */
const SETTLED = new Set(["accepted", "duplicate", "review", "held", "withdrawn"]);
/** Verdicts that only the member can answer. */
const NEEDS_YOU = new Set(["conflict", "refused"]);
/** Why a withdrawal came too late. */
const TOO_LATE = ["already_decided", "progress_stands", "progress_stays", "list_stays"];

export class Outbox {
  #database;
  /** Ids that went out while the phone was too full to note it. @type {Set<string>} */
  #triedUnnoted = new Set();

  /** @param {string} [name] the database's name; tests take their own */
  constructor(name = "sanliang") {
    this.#database = new Database(name);
  }

  /**
   * Put down what has just happened. Resolves when it is safely on the disk; rejects when it is not
   * (`QuotaExceededError` on a full phone), and then nothing was stored and the form must keep its content.
   * @param {Act} act
   * @param {string | null} [instead] id of an own item that goes in the same step
   * @returns {Promise<Item>}
   */
  capture(act, instead = null) {
    return this.#database.change(["items", "meta"], async (transaction) => {
      const item = await numbered(transaction, act);
      const items = transaction.objectStore("items");
      await items.add(item);
      if (instead && (await items.get(instead))?.member_id === act.member_id) await items.delete(instead);
      return item;
    });
  }

  /**
   * Take an item back. What was never on the wire simply goes; for anything else `withdrawal` is put down, because
   * the server may have it although no answer came.
   * @param {string} id
   * @param {Act} withdrawal of the same member
   * @returns {Promise<boolean>} whether the withdrawal has to be sent
   */
  takeBack(id, withdrawal) {
    return this.#database.change(["items", "meta"], async (transaction) => {
      const items = transaction.objectStore("items");
      /** @type {Item | undefined} */
      const item = await items.get(id);
      if (item && item.member_id !== withdrawal.member_id) return false;
      await items.delete(id);
      if (item && !item.tried && !this.#triedUnnoted.has(id)) return false;
      await items.add(await numbered(transaction, withdrawal));
      return true;
    });
  }

  /**
   * Take an item out by the member's own hand, after the server has refused it.
   * @param {string} id
   * @param {string} member
   */
  remove(id, member) {
    return this.#database.change(["items"], async (transaction) => {
      const items = transaction.objectStore("items");
      if ((await items.get(id))?.member_id === member) await items.delete(id);
    });
  }

  /**
   * What `member` recorded and what has not been sent, oldest first.
   * @param {string} member
   * @param {Item["state"]} [state]
   * @returns {Promise<Item[]>}
   */
  async items(member, state) {
    const transaction = await this.#database.begin(["items"], "readonly");
    /** @type {Item[]} */
    const own = await transaction.objectStore("items").index("member_id").getAll(member);
    return own.filter((item) => !state || item.state === state).sort((a, b) => a.seq - b.seq);
  }

  /**
   * How many items of other people lie on this phone. Their content is nobody else's business.
   * @param {string | null} member
   * @returns {Promise<number>}
   */
  async countOfOthers(member) {
    const items = (await this.#database.begin(["items"], "readonly")).objectStore("items");
    const all = await items.count();
    return member ? all - (await items.index("member_id").count(member)) : all;
  }

  /**
   * Note that these items are about to be put on the wire, and give those that are still there: one that was taken
   * back a moment ago must not go out any more. A full phone sends without the note.
   * @param {string[]} ids
   * @returns {Promise<Item[]>}
   */
  async markTried(ids) {
    const mark = async (/** @type {Transaction} */ transaction, /** @type {boolean} */ note) => {
      const items = transaction.objectStore("items");
      /** @type {(Item | undefined)[]} */
      const found = await Promise.all(ids.map((id) => items.get(id)));
      const there = found.filter((item) => item !== undefined);
      if (note) await Promise.all(there.filter((item) => !item.tried).map((item) => items.put({ ...item, tried: true })));
      return there;
    };
    try {
      return await this.#database.change(["items"], (transaction) => mark(transaction, true));
    } catch (error) {
      if (!isFull(error)) throw error;
      for (const id of ids) this.#triedUnnoted.add(id);
      return this.#database.change(["items"], (transaction) => mark(transaction, false));
    }
  }

  /**
   * Do what the server's verdicts say. Ids that no verdict names stay exactly as they are.
   * @param {Verdict[]} verdicts
   * @param {string} sentAt ISO moment for the list of what was sent
   * @returns {Promise<string[]>} ids that do not wait any more
   */
  async settle(verdicts, sentAt) {
    const settled = verdicts.filter(({ verdict }) => SETTLED.has(verdict));
    const needYou = verdicts.filter(({ verdict }) => NEEDS_YOU.has(verdict));
    const idsOf = (/** @type {Verdict[]} */ some) => some.map(({ id }) => id);
    try {
      await this.#database.change(["items", "sent"], async (transaction) => {
        for (const verdict of settled) await moveToSent(transaction, verdict, sentAt);
        for (const verdict of needYou) await markRefused(transaction, verdict);
        await trimSent(transaction);
      });
      return idsOf([...settled, ...needYou]);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    await this.#database.change(["items"], async (transaction) => {
      for (const id of idsOf(settled)) await transaction.objectStore("items").delete(id);
    });
    return idsOf(settled);
  }

  /**
   * The last things `member` sent from this phone, newest first.
   * @param {string} member
   * @returns {Promise<Sent[]>}
   */
  async sent(member) {
    const transaction = await this.#database.begin(["sent"], "readonly");
    return newestFirst(await transaction.objectStore("sent").index("member_id").getAll(member));
  }

  /**
   * A page of `member` shows how records stand by now; the list of what was sent from here says it too.
   * @param {string} member
   * @param {Map<string, string>} shown `pending`, `approved`, `returned` or `withdrawn`, by id
   * @returns {Promise<boolean>} whether anything of it was new
   */
  learn(member, shown) {
    return this.#database.change(["sent"], (transaction) => noteShown(transaction, member, shown));
  }

  /** Forget the list of what was sent (at sign-out). The queue itself stays. */
  forgetSent() {
    return this.#database.change(["sent"], (transaction) => transaction.objectStore("sent").clear());
  }

  /**
   * A small value the phone remembers.
   * @param {string} key
   * @returns {Promise<any>}
   */
  async recall(key) {
    return (await this.#database.begin(["meta"], "readonly")).objectStore("meta").get(key);
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  async remember(key, value) {
    await this.change(key, () => value);
  }

  /**
   * Change a remembered value in one step that no other tab can come between.
   * @template T
   * @param {string} key
   * @param {(value: any) => T | undefined} change gives the new value, or `undefined` to leave it
   * @returns {Promise<T | undefined>}
   */
  change(key, change) {
    return this.#database.change(["meta"], async (transaction) => {
      const meta = transaction.objectStore("meta");
      const value = change(await meta.get(key));
      if (value !== undefined) await meta.put(value, key);
      return value;
    });
  }

  /**
   * Keep what a member can speak of without a network, if that is who is here: the answer may come after a sign-out.
   * @param {import("./types.js").Lists} lists
   * @returns {Promise<boolean>} whether they were kept
   */
  keepLists(lists) {
    return this.#database.change(["meta"], async (transaction) => {
      const meta = transaction.objectStore("meta");
      if ((await meta.get("member")) !== lists.member_id) return false;
      await meta.put(lists, "lists");
      return true;
    });
  }

  /** The name this phone's queue has for the server: made once, or for once where there is no room to keep it. */
  async deviceId() {
    const known = await this.recall("device_id");
    return known ?? this.change("device_id", (another) => another ?? newId()).catch(newId);
  }
}

/**
 * @param {Transaction} transaction
 * @param {Act} act
 * @returns {Promise<Item>}
 */
async function numbered(transaction, act) {
  const meta = transaction.objectStore("meta");
  const seq = ((await meta.get("seq")) ?? 0) + 1;
  await meta.put(seq, "seq");
  const blank = { note: "", stands: false, depends_on: null, made_offline: false, would_be_refused: null };
  return { ...blank, ...act, seq, state: "waiting", tried: false, verdict: null };
}

/**
 * @param {Transaction} transaction
 * @param {Verdict} verdict
 */
async function markRefused(transaction, { id, verdict, code = null, message = null }) {
  const items = transaction.objectStore("items");
  /** @type {Item | undefined} */
  const item = await items.get(id);
  if (!item) return;
  await items.put({ ...item, state: "needs_you", verdict: { verdict, code, message } });
  if (item.kind === "withdraw" && TOO_LATE.includes(code ?? "")) await noteDecided(transaction, item, message);
}
