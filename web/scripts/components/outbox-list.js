/**
 * `<outbox-list data-of="waiting | needs_you | sent">`: what lies in the phone's queue, or has left it. Rows are made
 * from its `<template>`; words for kinds and verdicts are JSON in `data-kinds` and `data-verdicts`. Hidden when empty,
 * unless it holds a `[data-empty]` line.
 */
import { inWords } from "./network-state.js";
import { member, outbox, standing, watch, withdraw } from "../offline/phone.js";

/** @typedef {import("../offline/store.js").Item | import("../offline/store.js").Sent} Entry */

class OutboxList extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = watch(() => this.#show());
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  async #show() {
    const list = this.querySelector("ul");
    const template = this.querySelector("template");
    if (!list || !template) return;
    const entries = await this.#entries();
    list.replaceChildren(...entries.map((entry) => this.#row(template, entry)));
    const empty = this.querySelector("[data-empty]");
    empty?.toggleAttribute("hidden", entries.length > 0);
    this.hidden = !entries.length && !empty;
    for (const count of this.querySelectorAll("[data-count]")) count.textContent = String(entries.length);
  }

  /** @returns {Promise<Entry[]>} */
  async #entries() {
    const { member: whose } = await standing();
    if (!whose) return [];
    if (this.dataset.of === "sent") return outbox.sent(whose);
    return outbox.items(whose, this.dataset.of === "needs_you" ? "needs_you" : "waiting");
  }

  /**
   * @param {HTMLTemplateElement} template
   * @param {Entry} entry
   */
  #row(template, entry) {
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    const kind = wordsIn(this.dataset.kinds)[entry.kind] ?? entry.kind;
    put(row, "[data-title]", entry.label ? `${kind} · ${entry.label}` : kind);
    put(row, "[data-when]", inWords(entry.occurred_at));
    put(row, "[data-said]", this.#said(entry));
    const repair = row.querySelector("a[data-repair]");
    if (repair) {
      repair.setAttribute("href", `/study/new#repair=${entry.id}`);
      repair.toggleAttribute("hidden", entry.kind !== "study.record");
    }
    row.querySelector("[data-withdraw]")?.addEventListener("click", () => this.#ask(entry));
    row.querySelector("[data-withdraw]")?.toggleAttribute("hidden", entry.kind === "withdraw" && this.dataset.of === "sent");
    return row;
  }

  /** @param {Entry} entry */
  #said(entry) {
    if ("sent_at" in entry) return entry.message ?? wordsIn(this.dataset.verdicts)[entry.verdict] ?? "";
    return entry.verdict?.message ?? "";
  }

  /**
   * Ask once before a record is taken back; a refused one is simply removed from the phone.
   * @param {Entry} entry
   */
  #ask(entry) {
    const dialog = this.querySelector("dialog");
    if (!dialog) return;
    put(dialog, "[data-title]", entry.label);
    dialog.returnValue = "";
    dialog.onclose = async () => {
      if (dialog.returnValue !== "yes") return;
      if (this.dataset.of !== "needs_you") await withdraw(entry);
      else await this.#forget(entry.id);
    };
    dialog.showModal();
  }

  /** @param {string} id */
  async #forget(id) {
    const whose = await member();
    if (whose) await outbox.remove(id, whose);
    this.#show();
  }
}

/**
 * @param {Element} within
 * @param {string} selector
 * @param {string} text
 */
function put(within, selector, text) {
  for (const element of within.querySelectorAll(selector)) element.textContent = text;
}

/**
 * @param {string | undefined} json
 * @returns {Record<string, string>}
 */
function wordsIn(json) {
  return JSON.parse(json ?? "{}");
}

customElements.define("outbox-list", OutboxList);
