/**
 * `<copy-text data-done data-failed>` around a text and a `[data-copy]` button. Where the browser lets nobody write to the
 * clipboard (no HTTPS, the browser of a chat), the text is selected for the finger to copy. Without script it is read as it is.
 */
import { say } from "../messages.js";

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = /** @type {HTMLButtonElement} */ (this.querySelector("[data-copy]"));
    button.hidden = false;
    button.addEventListener("click", () => this.#copy());
  }

  async #copy() {
    const text = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    try {
      await navigator.clipboard.writeText(text.value);
      say(this.dataset.done ?? "", "ok");
    } catch {
      text.focus();
      text.select();
      say(this.dataset.failed ?? "", "need");
    }
  }
}

customElements.define("copy-text", CopyText);
