/**
 * `<outbox-list data-of="waiting | needs_you | sent">`: what lies in the phone's queue, or has left it. Rows are made
 * from its `<template>`; what there is to know of kinds, and words for verdicts, are JSON in `data-kinds` and
 * `data-verdicts`. Hidden when empty, unless it holds a `[data-empty]` line.
 */
import { inWords } from "./moments.js";
import { put, wordsForVerdict, wordsIn } from "./words.js";
import { say } from "../messages.js";
import { forget, withdraw } from "../offline/phone.js";
import { isFinal } from "../offline/sent.js";
import { outbox, watch } from "../offline/standing.js";

/** @typedef {import("../offline/types.js").Item} Item */
/** @typedef {import("../offline/types.js").Sent} Sent */
/**
 * What a row shows.
 * @typedef {{title: string, facts: string, said: string, canTakeBack: boolean, canRepair: boolean}} Words
 */

/**
 * What there is to know of a kind: its icon, its name if that has to be said, whether a refused one comes back into its
 * form or, as an address and a field of its content, on which page it is filled in again, and the page on which one that has
 * arrived goes on.
 * @typedef {{icon?: string, called?: string, repair?: boolean, mended?: [string, string], page?: string, onward?: string}} Kind
 */

class OutboxList extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;
  /** Rows by what they show: one that says the same stays as it is, also under a finger. @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #looks = 0;

  connectedCallback() {
    this.#stop = watch(({ member }) => this.#show(member));
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  /** @param {string | null} member */
  async #show(member) {
    this.#looks += 1;
    const look = this.#looks;
    const entries = member ? await this.#entries(member) : [];
    if (look !== this.#looks) return; // a later look was faster
    const rows = new Map(entries.map(([entry, words]) => {
      const key = JSON.stringify([entry.id, words]);
      return [key, this.#rows.get(key) ?? this.#row(entry, words)];
    }));
    if ([...rows.keys()].join() !== [...this.#rows.keys()].join()) this.querySelector("ul")?.replaceChildren(...rows.values());
    this.#rows = rows;
    const empty = this.querySelector("[data-empty]");
    empty?.toggleAttribute("hidden", rows.size > 0);
    this.hidden = !rows.size && !empty;
    put(this, "[data-count]", rows.size ? String(rows.size) : ""); // amber asks for something: nought does not
  }

  /**
   * @param {string} member
   * @returns {Promise<[Item | Sent, Words][]>}
   */
  async #entries(member) {
    const items = await outbox.items(member);
    if (this.dataset.of !== "sent") {
      return items.filter((item) => item.state === this.dataset.of).map((item) => [item, this.#wordsOf(item)]);
    }
    const withdrawals = items.filter((item) => item.kind === "withdraw" && item.state === "waiting");
    const leaving = new Set(withdrawals.map((item) => item.payload.id));
    return (await outbox.sent(member)).map((entry) => [entry, this.#wordsOfSent(entry, leaving.has(entry.id))]);
  }

  /**
   * @param {Item} item
   * @returns {Words}
   */
  #wordsOf(item) {
    return {
      title: titleOf(item, this.#kind(item).called),
      facts: [item.note, inWords(item.occurred_at)].filter(Boolean).join(" · "),
      said: item.verdict?.message ?? "",
      canTakeBack: item.state === "needs_you" || item.kind !== "withdraw",
      canRepair: Boolean(this.#kind(item).repair ?? this.#kind(item).mended),
    };
  }

  /**
   * @param {Sent} entry
   * @param {boolean} isLeaving whether its withdrawal waits to be sent
   * @returns {Words}
   */
  #wordsOfSent(entry, isLeaving) {
    const verdicts = wordsIn(this.dataset.verdicts);
    return {
      title: titleOf(entry),
      facts: [entry.note, inWords(entry.occurred_at)].filter(Boolean).join(" · "),
      said: isLeaving ? verdicts.leaving : (entry.message ?? wordsForVerdict(entry, verdicts)),
      canTakeBack: !isLeaving && !isFinal(entry),
      canRepair: false,
    };
  }

  /**
   * @param {Item | Sent} entry
   * @param {Words} words
   */
  #row(entry, words) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template"));
    const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    put(row, "[data-title]", words.title);
    put(row, "[data-facts]", words.facts);
    put(row, "[data-said]", words.said);
    row.querySelector("[data-said]")?.toggleAttribute("hidden", !words.said);
    const kind = this.#kind(entry);
    const icon = row.querySelector("use");
    if (kind.icon) icon?.setAttribute("href", (icon.getAttribute("href") ?? "").replace(/#.*/, `#${kind.icon}`));
    const onward = row.querySelector("[data-onward]");
    if (onward && kind.page) {
      onward.setAttribute("href", kind.page.replace("#", entry.id));
      onward.textContent = kind.onward ?? "";
      onward.toggleAttribute("hidden", "verdict" in entry && entry.verdict === "withdrawn");
    }
    const repair = row.querySelector("a[data-repair]");
    const [page, field] = kind.mended ?? ["", ""];
    const subject = "payload" in entry ? String(entry.payload[field]) : "";
    repair?.setAttribute("href", page ? page.replace("#", subject) : `/study/new#repair=${entry.id}`);
    repair?.toggleAttribute("hidden", !words.canRepair);
    const takeBack = row.querySelector("[data-take-back]");
    takeBack?.toggleAttribute("hidden", !words.canTakeBack);
    takeBack?.addEventListener("click", () => this.#ask(entry, words.title));
    return row;
  }

  /**
   * @param {Item | Sent} entry
   * @returns {Kind}
   */
  #kind({ kind }) {
    return /** @type {any} */ (wordsIn(this.dataset.kinds))[kind] ?? {};
  }

  /**
   * Ask once before a record is taken back; a refused one is simply removed from the phone.
   * @param {Item | Sent} entry
   * @param {string} title
   */
  #ask(entry, title) {
    const dialog = this.querySelector("dialog");
    const takeBack = async () => {
      try {
        await (this.dataset.of === "needs_you" ? forget(entry.id) : withdraw(entry));
      } catch {
        say(this.dataset.failed ?? "", "need");
      }
    };
    if (!dialog?.showModal) {
      takeBack(); // phones of 2021 know no dialogs
      return;
    }
    put(dialog, "[data-title]", title);
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") takeBack();
    };
    dialog.showModal();
  }
}

/**
 * @param {Item | Sent} entry
 * @param {string} [called] word for its kind, if that has to be said
 */
function titleOf({ label }, called) {
  return [called, label].filter(Boolean).join(" · ");
}

customElements.define("outbox-list", OutboxList);
