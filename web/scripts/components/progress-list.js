/**
 * `<progress-list data-of data-kind data-field data-waits>`: the own open ones as this phone took them along, each with
 * buttons for how it goes; one tap goes into the queue. Rows are made from its `<template>`; `data-words` are JSON with
 * `#` for what was said: `waiting`, `arrived`, `handed_in`, `needs_you`. What was said by mistake is taken back, or said anew.
 */
import { TapTwice, today } from "./fields.js";
import { inWords } from "./moments.js";
import { fillWords, put, wordsIn } from "./words.js";
import { say } from "../messages.js";
import { capture, withdraw } from "../offline/phone.js";
import { listsOf } from "../offline/lists.js";
import { lastAbout, progressAct } from "../offline/progress.js";
import { isFinal } from "../offline/sent.js";
import { member as whoIsHere, outbox, watch } from "../offline/standing.js";

/** @typedef {import("../offline/types.js").Item} Item */
/** @typedef {import("../offline/types.js").Sent} Sent */
/** @typedef {import("../offline/types.js").Row} Row */

class ProgressList extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;
  #looks = 0;
  #tapTwice = new TapTwice();
  /** Rows by what they are about; one that stays is the same element, also under a finger. @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** The acts of this page by what they are about: told of until the page goes. @type {Map<string, string>} */
  #acts = new Map();

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
    const [lists, items, sent] = await Promise.all([
      listsOf(outbox, member),
      member ? outbox.items(member) : [],
      member ? outbox.sent(member) : [],
    ]);
    if (look !== this.#looks) return; // a later look was faster
    this.#lay(/** @type {Row[]} */ (lists?.[this.dataset.of ?? ""] ?? []));
    for (const [id, row] of this.#rows) this.#tell(row, this.#lastSaid(id, items, sent));
    this.querySelector("[data-if-none]")?.toggleAttribute("hidden", Boolean(lists));
    this.querySelector("[data-if-empty]")?.toggleAttribute("hidden", !lists || this.#rows.size > 0);
    this.querySelector("[data-if-taken]")?.toggleAttribute("hidden", !lists);
    if (lists) fillWords(this, inWords(lists.taken_at));
  }

  /**
   * Rows as they are listed, and below them those that left the list because of what was said on this page.
   * @param {Row[]} listed
   */
  #lay(listed) {
    const rows = new Map(listed.map((one) => [one.id, this.#rows.get(one.id) ?? this.#row(one)]));
    for (const [id, row] of this.#rows) if (!rows.has(id) && this.#acts.has(id)) rows.set(id, row);
    for (const one of listed) fill(/** @type {HTMLElement} */ (rows.get(one.id)), one);
    if ([...rows.keys()].join() !== [...this.#rows.keys()].join()) this.querySelector("ul")?.replaceChildren(...rows.values());
    this.#rows = rows;
  }

  /** @param {Row} one */
  #row(one) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template"));
    const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    row.querySelector("[role=group]")?.setAttribute("aria-label", one.title);
    for (const button of row.querySelectorAll("button[value]")) {
      button.addEventListener("click", () => this.#say(one, /** @type {HTMLButtonElement} */ (button), row));
    }
    return row;
  }

  /**
   * @param {Row} one
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} row
   */
  async #say(one, button, row) {
    const typed = /** @type {HTMLInputElement} */ (row.querySelector("[name=sentence]"));
    const sentence = typed.value.trim();
    if (this.#tapTwice.is([one.id, button.value, sentence])) return;
    const { field = "" } = this.dataset;
    const words = button.textContent ?? "";
    try {
      const member = await whoIsHere();
      const before = member ? lastAbout(await outbox.items(member), field, one.id) : undefined;
      const isTakenBack = before?.state === "waiting" && !(before.stands && before.tried);
      const depends_on = isTakenBack ? await withdraw(before) : null; // one end at a time: the old one goes first
      const act = progressAct({ ...this.dataset, subject: one.id, title: one.title, state: button.value, words, sentence });
      const { id } = await capture({ ...act, depends_on }, before?.state === "needs_you" ? before.id : null);
      this.#acts.set(one.id, id);
      row.dataset.state = button.value;
      typed.value = "";
      row.querySelector("details")?.removeAttribute("open");
      say((this.dataset.done ?? "").replace("#", words), "ok", { moves: false });
    } catch {
      this.#tapTwice = new TapTwice();
      say(this.dataset.failed ?? "", "need");
    }
  }

  /**
   * @param {string} id
   * @param {Item[]} items
   * @param {Sent[]} sent
   * @returns {Item | Sent | undefined}
   */
  #lastSaid(id, items, sent) {
    const act = this.#acts.get(id);
    const isLeaving = items.some(({ kind, payload, state }) => kind === "withdraw" && payload.id === act && state === "waiting");
    return lastAbout(items, this.dataset.field ?? "", id) ?? sent.find((entry) => entry.id === act && entry.verdict !== "withdrawn" && !isLeaving);
  }

  /**
   * @param {HTMLElement} row
   * @param {Item | Sent | undefined} said
   */
  #tell(row, said) {
    const box = row.querySelector("[data-said]");
    box?.toggleAttribute("hidden", !said);
    const state = !said ? "" : "state" in said ? said.state : isFinal(said) ? "arrived" : "handed_in";
    const value = said && "payload" in said ? String(said.payload.state) : row.dataset.state;
    for (const button of row.querySelectorAll("button[value]")) {
      const isSaid = Boolean(said) && state !== "needs_you" && button.getAttribute("value") === value;
      button.setAttribute("aria-pressed", String(isSaid));
    }
    if (!said || !box) return;
    const refusal = "payload" in said ? said.verdict?.message : null;
    const how = row.querySelector(`button[value="${value}"]`)?.textContent ?? "";
    put(box, "[data-how]", refusal ?? (wordsIn(this.dataset.words)[state] ?? "").replace("#", how));
    box.classList.toggle("need", state === "needs_you");
    const undo = /** @type {HTMLElement | null} */ (box.querySelector("[data-undo]"));
    undo?.toggleAttribute("hidden", state === "needs_you" || state === "arrived");
    if (undo) undo.onclick = () => this.#takeBack(said);
    box.querySelector("a")?.toggleAttribute("hidden", state !== "needs_you");
  }

  /** @param {Item | Sent} said */
  async #takeBack(said) {
    try {
      await withdraw(said);
      say(this.dataset.undone ?? "", "ok", { moves: false });
    } catch {
      say(this.dataset.failed ?? "", "need");
    }
  }
}

/**
 * @param {HTMLElement} row
 * @param {Row} one
 */
function fill(row, one) {
  put(row, "[data-title]", one.title);
  row.querySelector("[role=group]")?.setAttribute("aria-label", one.title);
  put(row, "[data-about]", one.about);
  row.querySelector("[data-about]")?.classList.toggle("need", one.due_on < today());
  put(row, "[data-last] b", one.last ?? "");
  row.querySelector("[data-last]")?.toggleAttribute("hidden", !one.last);
}

customElements.define("progress-list", ProgressList);
