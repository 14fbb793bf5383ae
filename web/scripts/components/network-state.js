/**
 * `<network-state>`: the calm bar. It shows the one of its `[data-when]` children that fits how the phone stands:
 * `offline`, `sign_in`, `wrong_person`, `too_old`, or `copy` on a page that is only a copy.
 */
import { isReachable, watch } from "../offline/phone.js";

class NetworkState extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = watch(({ last, waiting }) => {
      const { copiedAt } = document.documentElement.dataset;
      let state = "";
      if (copiedAt) state = "copy";
      else if (!isReachable()) state = "offline";
      else if (waiting && last) state = last;
      for (const child of this.querySelectorAll("[data-when]")) {
        child.toggleAttribute("hidden", child.getAttribute("data-when") !== state);
      }
      for (const number of this.querySelectorAll("data.waiting")) number.textContent = String(waiting);
      for (const time of this.querySelectorAll("time.copied")) time.textContent = copiedAt ? inWords(copiedAt) : "";
    });
  }

  disconnectedCallback() {
    this.#stop?.();
  }
}

/**
 * A moment as the reader writes it.
 * @param {string} iso
 */
export function inWords(iso) {
  const options = /** @type {const} */ ({ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return new Date(iso).toLocaleString(document.documentElement.lang, options);
}

customElements.define("network-state", NetworkState);
