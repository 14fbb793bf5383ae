/**
 * `<attendance-list data-event data-title data-note data-done data-failed data-arrived>` around a list to tick. It names the exceptions above
 * the list. Where the server does not answer, what is saved goes into the phone's queue as one item; also from the copy
 * that the phone keeps. A list of this phone that waits, or that another officer's list came before, is filled in again,
 * with what was saved beside each name where the two differ. Without script the form is simply sent.
 */
import { fillWords } from "./words.js";
import { leaveOnce } from "../leave.js";
import { say } from "../messages.js";
import { capture } from "../offline/phone.js";
import { isReachable, member, outbox, watch } from "../offline/standing.js";

/** @typedef {import("../offline/types.js").Item} Item */

const KIND = "meeting.attendance";
const TAIL = 12; // the last digits of an id, which name somebody in a list

class AttendanceList extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;
  /** The list of this meeting that lies in the queue. @type {Item | undefined} */
  #kept;
  /** Whether it was saved on this page, and nothing was changed since. */
  #isSaved = false;

  connectedCallback() {
    // caught on the way down: before htmx asks a server that is known to be away
    this.addEventListener("submit", (event) => this.#submit(event), { capture: true });
    this.addEventListener("htmx:error", (event) => {
      const { ctx } = /** @type {CustomEvent<{ctx?: {response?: unknown}}>} */ (event).detail;
      if (!ctx || ctx.response) return; // the server has spoken
      event.stopPropagation();
      this.#keep();
    });
    this.addEventListener("change", () => {
      this.#isSaved = false;
      this.#show();
    });
    for (const early of this.querySelectorAll("[data-until]")) {
      early.toggleAttribute("hidden", Date.now() >= Date.parse(early.getAttribute("data-until") ?? ""));
    }
    this.#show();
    this.#stop = watch(() => this.#look());
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  /** Each row's end of an id, its choice and its element. */
  get #rows() {
    return [...this.querySelectorAll("li[data-find]")].map((row) => {
      const id = /** @type {HTMLInputElement} */ (row.querySelector("[name=member_ids]")).value;
      const choice = /** @type {HTMLSelectElement} */ (row.querySelector("select"));
      return { tail: id.replace(/-/g, "").slice(-TAIL), choice, row };
    });
  }

  /** @param {Event} event */
  #submit(event) {
    if (isReachable() && !this.#kept) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#keep();
  }

  async #keep() {
    const { event = "", title = "", note = "", done = "", failed = "" } = this.dataset;
    const fields = new FormData(this.#form);
    /** @type {Record<string, string>} */
    const marks = {};
    for (const { tail, choice } of this.#rows) marks[choice.value] = (marks[choice.value] ?? "") + tail;
    const why = String(fields.get("note") ?? "").trim() || null;
    const payload = { event_id: event, seen: Number(fields.get("seen")), marks, note: why };
    const exceptions = String(this.#exceptions().length);
    const act = { kind: KIND, payload, label: title, note: note.replace("#", exceptions), stands: true };
    try {
      this.#kept = await capture(act, this.#kept?.id);
      this.#isSaved = true;
      say(done);
    } catch {
      say(failed, "need");
    }
  }

  /** What lies in the queue of this meeting, once it is known, and what has become of it. */
  async #look() {
    const whose = await member();
    const items = whose ? await outbox.items(whose) : [];
    const found = items.filter(({ kind, payload }) => kind === KIND && payload.event_id === this.dataset.event).pop();
    if (!found && this.#kept && this.#isSaved) leaveOnce(() => location.assign(`/meetings/${this.dataset.event}`));
    const isNew = found && (found.id !== this.#kept?.id || found.state !== this.#kept.state);
    if (found?.state === "needs_you" && this.#isSaved) leaveOnce(() => location.reload()); // what came before it is there by now
    else if (isNew && !this.#isSaved) this.#fill(found);
    this.#kept = found;
  }

  /** @param {Item} item */
  #fill({ state, payload, verdict }) {
    for (const [word, tails] of Object.entries(/** @type {Record<string, string>} */ (payload.marks))) {
      for (const { tail, choice } of this.#rows) {
        const at = tails.indexOf(tail);
        if (at % TAIL === 0 && [...choice.options].some(({ value }) => value === word)) choice.value = word;
      }
    }
    const why = /** @type {HTMLInputElement | null} */ (this.querySelector("[name=note]"));
    if (why && payload.note) why.value = String(payload.note);
    if (state === "needs_you") {
      for (const { choice, row } of this.#rows) {
        const differs = choice.value !== choice.dataset.stands;
        row.querySelector("[data-saved]")?.toggleAttribute("hidden", !differs);
        if (differs) row.closest("details")?.setAttribute("open", "");
      }
      say(verdict?.message ?? "", "need");
    }
    this.#show();
  }

  #exceptions() {
    return this.#rows.filter(({ choice }) => choice.value !== choice.dataset.usual);
  }

  /** The exceptions by name, and their number at each folded group. */
  #show() {
    const found = this.#exceptions();
    const list = this.querySelector("[data-exceptions]");
    if (!list) return;
    list.toggleAttribute("hidden", !found.length);
    const words = found.map(({ choice, row }) => {
      return `${row.querySelector("b")?.textContent} ${choice.selectedOptions[0]?.textContent}`;
    });
    fillWords(list, words.join(" · "));
    for (const group of this.querySelectorAll("details")) {
      const number = found.filter(({ row }) => group.contains(row)).length;
      const mark = group.querySelector("[data-number]");
      mark?.toggleAttribute("hidden", !number);
      if (mark) fillWords(mark.parentElement ?? mark, number);
    }
  }
}

customElements.define("attendance-list", AttendanceList);
