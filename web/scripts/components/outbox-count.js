/** `<outbox-count>`: how many records wait on this phone, always visible; nothing when none do. */
import { watch } from "../offline/phone.js";

class OutboxCount extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = watch(({ waiting, needsYou, others }) => {
      const link = this.querySelector("a");
      if (!link) return;
      const words = [
        say(this.dataset.needsYou, needsYou),
        say(this.dataset.waiting, waiting),
        say(this.dataset.others, waiting || needsYou ? 0 : others),
      ];
      link.textContent = words.filter(Boolean).join(" · ");
      this.hidden = !link.textContent;
    });
  }

  disconnectedCallback() {
    this.#stop?.();
  }
}

/**
 * @param {string | undefined} words with `#` for the number
 * @param {number} number
 */
function say(words, number) {
  return words && number ? words.replace("#", String(number)) : "";
}

customElements.define("outbox-count", OutboxCount);
