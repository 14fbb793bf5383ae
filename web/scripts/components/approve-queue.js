/**
 * `<approve-queue>` around the list of what waits (`#queue`) and, on a desk, the record that is open (`#detail`).
 *
 * It keeps the number of ticked rows in the button (`data-label="通过 # 条"` on `[data-count]`) and shows the button that
 * ticks all or none (`[data-all]`). What is marked has no box. What is decided one by one is not among all, but within
 * one kind (`data-filtered`) it is once every row of the page has been whole on the screen; never what goes with advice
 * for the officer (`data-advised`).
 *
 * On a desk a row opens beside the list: J and K go on and back, A approves, R goes to the reason for a return. The
 * keys are heard only while the list or the record has the focus (WCAG 2.1.4): what somebody says to the computer
 * elsewhere decides nothing. They are off in fields, under a dialog and with any other key held.
 */
import { MOSTLY_WHOLE, freed, isWhole } from "./seen.js";

class ApproveQueue extends HTMLElement {
  #desk = matchMedia("(min-width: 64rem)");
  /** @type {Element | null} */ #queue = null;
  /** @type {IntersectionObserver | null} */ #eye = null;
  /** @type {Set<string>} */ #seen = new Set();
  #at = 0;

  connectedCallback() {
    this.addEventListener("change", () => this.#count());
    this.addEventListener("htmx:after:swap", () => this.#refresh(true));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.#refresh(false);
    document.addEventListener("htmx:after:process", () => this.#open(this.#at, false), { once: true }); // now htmx knows them
  }

  disconnectedCallback() {
    this.#eye?.disconnect();
  }

  /** @param {boolean} moves whether the officer was here and goes on from where a row has gone */
  #refresh(moves) {
    const queue = this.querySelector("#queue");
    if (!queue || queue === this.#queue) return;
    this.#queue = queue;
    this.#watch();
    this.#count();
    const rows = this.#rows();
    if (rows.length) this.#open(Math.min(this.#at, rows.length - 1), moves);
    else this.querySelector("#detail")?.replaceChildren();
    if (!this.#desk.matches && moves) /** @type {HTMLElement | null} */ (document.querySelector("#main"))?.focus();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-all]")) this.#toggleAll();
    const link = target.closest("[data-row] a");
    if (!link || !this.#desk.matches || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.#open(this.#rows().indexOf(/** @type {HTMLAnchorElement} */ (link)), false);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const inField = /** @type {Element} */ (event.target).closest("input:not([type=checkbox]), textarea, select");
    if (!this.#desk.matches || inField || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const rows = this.#rows();
    const detail = this.querySelector("#detail");
    const acts = {
      j: () => this.#open(Math.min(this.#at + 1, rows.length - 1), true),
      k: () => this.#open(Math.max(this.#at - 1, 0), true),
      a: () => /** @type {HTMLElement | null} */ (detail?.querySelector("[data-key=a]"))?.click(),
      r: () => /** @type {HTMLElement | null} */ (detail?.querySelector("[name=reason]"))?.focus(),
    };
    const act = acts[/** @type {keyof typeof acts} */ (event.key.toLowerCase())];
    if (!act || !rows.length) return;
    event.preventDefault();
    act();
  }

  /** @param {number} at @param {boolean} moves */
  #open(at, moves) {
    const rows = this.#rows();
    if (!this.#desk.matches || !rows[at]) return;
    this.#at = at;
    rows.forEach((row, index) => row.closest("[data-row]")?.toggleAttribute("aria-current", index === at));
    rows[at].closest("[data-row]")?.setAttribute("aria-current", "true");
    rows[at].dispatchEvent(new CustomEvent("open"));
    if (moves) rows[at].focus();
  }

  #watch() {
    this.#eye?.disconnect();
    this.#seen.clear();
    const all = this.querySelector("[data-all]");
    const boxes = this.#boxes().filter((box) => !isAmongAll(box));
    if (!all?.hasAttribute("data-filtered") || !boxes.length || !("IntersectionObserver" in window)) return;
    const watched = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      for (const entry of entries.filter(isWhole)) {
        this.#seen.add(/** @type {HTMLInputElement} */ (entry.target.querySelector("[name=ids]")).value);
      }
      const free = freed(boxes, this.#seen);
      for (const box of free) delete box.dataset.oneByOne;
      if (free.length) all.textContent = all.getAttribute("data-seen");
      this.#count();
    };
    this.#eye = new IntersectionObserver(watched, { threshold: MOSTLY_WHOLE });
    for (const box of boxes) this.#eye.observe(/** @type {Element} */ (box.closest("[data-row]")));
  }

  #count() {
    const boxes = this.#boxes();
    const ticked = boxes.filter((box) => box.checked).length;
    for (const button of this.querySelectorAll("[data-count]")) {
      button.textContent = (button.getAttribute("data-label") ?? "").replace("#", String(ticked));
      button.toggleAttribute("disabled", ticked === 0);
    }
    this.querySelector("[data-all]")?.toggleAttribute("hidden", !boxes.some(isAmongAll));
  }

  #toggleAll() {
    const boxes = this.#boxes().filter(isAmongAll);
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    this.#count();
  }

  #rows() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.querySelectorAll("[data-row] > a")]);
  }

  #boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll("input[type=checkbox][name=ids]")]);
  }
}

/** @param {HTMLInputElement} box */
function isAmongAll(box) {
  return box.dataset.oneByOne === undefined;
}

customElements.define("approve-queue", ApproveQueue);
