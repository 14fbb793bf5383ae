/**
 * `<outbox-count>`: how many records wait on this phone, always visible; nothing when none do. In its words a `#`
 * stands for the number.
 */
import { watch } from "../offline/standing.js";

class OutboxCount extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = watch(({ member, waiting, needsYou, others }) => {
      const link = this.querySelector("a");
      if (!link) return;
      const strangers = member ? this.dataset.others : this.dataset.nobody;
      const words = [
        inWords(this.dataset.needsYou, needsYou),
        inWords(this.dataset.waiting, waiting),
        inWords(strangers, waiting || needsYou ? 0 : others),
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
function inWords(words, number) {
  return words && number ? words.replace("#", String(number)) : "";
}

customElements.define("outbox-count", OutboxCount);
