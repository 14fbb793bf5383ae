/**
 * `<outbox-state>`: the last sync in words, "send now", how many records of other people lie here, and the queue as
 * a file for an officer when it is stuck.
 */
import { inWords } from "./network-state.js";
import { member, outbox, sendNow, watch } from "../offline/phone.js";
import { envelope } from "../offline/send.js";

class OutboxState extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.querySelector("[data-send]")?.addEventListener("click", () => sendNow());
    this.querySelector("[data-file]")?.addEventListener("click", () => this.#handOver());
    this.#stop = watch((standing) => {
      const { waiting, needsYou, others, sending, lastSync, member: whose } = standing;
      this.#put("[data-last]", lastSync ? inWords(lastSync) : (this.dataset.never ?? ""));
      this.#put("[data-others]", String(others));
      this.#toggle("[data-if-others]", others > 0);
      this.#toggle("[data-if-waiting]", waiting > 0);
      this.#toggle("[data-if-stuck]", waiting + needsYou > 0);
      this.#toggle("[data-if-nobody]", !whose);
      this.querySelector("[data-send]")?.toggleAttribute("disabled", sending);
      this.setAttribute("aria-busy", String(sending));
    });
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  /** The own queue as a file that an officer's page takes in through the same door. */
  async #handOver() {
    const whose = await member();
    if (!whose) return;
    const batch = await outbox.items(whose);
    const content = await envelope({ store: outbox, member: whose, version: APP_VERSION, now: new Date(), batch });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    link.download = this.dataset.fileName ?? "sanliang.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #put(selector, text) {
    for (const element of this.querySelectorAll(selector)) element.textContent = text;
  }

  /**
   * @param {string} selector
   * @param {boolean} shown
   */
  #toggle(selector, shown) {
    for (const element of this.querySelectorAll(selector)) element.toggleAttribute("hidden", !shown);
  }
}

customElements.define("outbox-state", OutboxState);
