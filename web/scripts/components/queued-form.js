/**
 * `<queued-form data-kind data-field data-waits data-subject data-title>` around a form of a live page that says how something goes. When the
 * server does not answer, what was tapped goes into the phone's queue under the id the form has, so that it is one act
 * even if only the answer was lost. Without script the form is simply sent.
 */
import { momentOf } from "./fields.js";
import { say } from "../messages.js";
import { newId } from "../offline/ids.js";
import { capture } from "../offline/phone.js";
import { progressAct } from "../offline/progress.js";
import { isReachable } from "../offline/standing.js";

class QueuedForm extends HTMLElement {
  /** @type {HTMLElement | null} */
  #pressed = null;

  connectedCallback() {
    // caught on the way down: before htmx asks a server that is known to be away
    this.addEventListener("submit", (event) => this.#submit(/** @type {SubmitEvent} */ (event)), { capture: true });
    this.addEventListener("htmx:error", (event) => {
      const { ctx } = /** @type {CustomEvent<{ctx?: {response?: unknown}}>} */ (event).detail;
      if (!ctx || ctx.response) return; // the server has spoken
      event.stopPropagation();
      this.#keep();
    });
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    this.#pressed = event.submitter;
    if (isReachable()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#keep();
  }

  async #keep() {
    const form = this.querySelector("form");
    if (!form) return;
    const fields = new FormData(form);
    const state = this.#pressed?.getAttribute("value") ?? String(fields.get("result"));
    const words = this.#pressed?.textContent?.trim() ?? "";
    const sentence = String(fields.get("note") ?? fields.get("sentence") ?? "").trim();
    const quarter = String(fields.get("quarter") ?? "");
    const act = progressAct({ ...this.dataset, state, words, sentence, quarter });
    const id = String(fields.get("id"));
    const day = String(fields.get("ended_on") ?? "");
    try {
      await capture({ ...act, id, payload: { ...act.payload, day: day || null }, occurred_at: momentOf(day) });
      form.reset();
      // the next tap is another act, in every form of the page
      for (const field of document.querySelectorAll(`input[name=id][value="${id}"]`)) field.setAttribute("value", newId());
      say((this.dataset.done ?? "").replace("#", words), "need");
    } catch {
      say(this.dataset.failed ?? "", "need");
    }
  }
}

customElements.define("queued-form", QueuedForm);
