/** The phone's database: opened when it is needed, and again when the browser has closed it. */
import { openDB } from "idb";

/** @typedef {import("idb").IDBPTransaction<any, any, any>} Reading */
/** @typedef {import("idb").IDBPTransaction<any, any, "readwrite">} Transaction */

const VERSION = 1;

export class Database {
  /** @type {Promise<import("idb").IDBPDatabase> | null} */
  #opening = null;
  #name;

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
  }

  /**
   * All of `work`, safely on the disk when this resolves, or nothing of it.
   * @template T
   * @param {string[]} stores
   * @param {(transaction: Transaction) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async change(stores, work) {
    const transaction = await this.begin(stores, "readwrite");
    const [result] = await Promise.all([work(transaction), transaction.done]);
    return result;
  }

  /**
   * iOS closes databases behind a page's back: open again instead of failing for good.
   * @param {string[]} stores
   * @param {"readonly" | "readwrite"} mode
   * @returns {Promise<Reading>}
   */
  async begin(stores, mode) {
    try {
      return await this.#begun(stores, mode);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "InvalidStateError") throw error;
      this.#opening = null;
      return this.#begun(stores, mode);
    }
  }

  /**
   * @param {string[]} stores
   * @param {"readonly" | "readwrite"} mode
   */
  async #begun(stores, mode) {
    const transaction = (await this.#open()).transaction(stores, mode, { durability: "strict" });
    transaction.done.catch(() => {}); // broken off, what was asked within says so; who only reads waits for no end
    return transaction;
  }

  #open() {
    const forget = () => {
      this.#opening = null;
    };
    this.#opening ??= openDB(this.#name, VERSION, {
      upgrade(db) {
        db.createObjectStore("items", { keyPath: "id" }).createIndex("member_id", "member_id");
        db.createObjectStore("sent", { keyPath: "id" }).createIndex("member_id", "member_id");
        db.createObjectStore("meta");
      },
      blocking: (_current, _blocked, event) => {
        /** @type {IDBDatabase} */ (event.target).close(); // a newer version of this app wants in
        forget();
      },
      terminated: forget,
    }).catch((error) => {
      forget();
      throw error;
    });
    return this.#opening;
  }
}

/**
 * Whether the phone has no room left.
 * @param {unknown} error
 */
export function isFull(error) {
  return /** @type {Error | null} */ (error)?.name === "QuotaExceededError";
}
