/**
 * `<outbox-state>`: the last sync in words, "send now", how many records of other people lie here, and the queue as
 * a file for an officer when it is stuck. What came of "send now" is said in the words of `data-<state>`.
 */
import { inWords } from "./moments.js";
import { fillWords } from "./words.js";
import { say } from "../messages.js";
import { envelope } from "../offline/send.js";
import { sendNow } from "../offline/phone.js";
import { member, outbox, standing, watch } from "../offline/standing.js";

class OutboxState extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.querySelector("[data-send]")?.addEventListener("click", () => this.#send());
    this.querySelector("[data-file]")?.addEventListener("click", () => this.#handOver());
    this.#stop = watch(({ waiting, needsYou, others, sending, lastSync, member: whose }) => {
      const time = this.querySelector("[data-last]");
      if (time) time.textContent = lastSync ? inWords(lastSync) : (this.dataset.never ?? "");
      fillWords(this, others);
      show(this, "[data-if-others]", others > 0);
      show(this, "[data-if-waiting]", waiting > 0);
      show(this, "[data-if-stuck]", waiting + needsYou > 0);
      show(this, "[data-if-nobody]", !whose);
      show(this, "[data-if-somebody]", Boolean(whose));
      this.querySelector("[data-send]")?.toggleAttribute("disabled", sending);
      this.setAttribute("aria-busy", String(sending));
    });
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  async #send() {
    await sendNow({ asked: true });
    const { last, waiting } = await standing();
    const words = waiting ? this.dataset[last ?? ""] : this.dataset.done;
    if (words) say(words, waiting ? "need" : "ok");
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
    say(this.dataset.saved ?? "");
  }
}

/**
 * @param {Element} within
 * @param {string} selector
 * @param {boolean} shown
 */
function show(within, selector, shown) {
  for (const element of within.querySelectorAll(selector)) element.toggleAttribute("hidden", !shown);
}

customElements.define("outbox-state", OutboxState);
