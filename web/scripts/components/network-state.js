/**
 * `<network-state>`: the calm bar. It shows the one of its `[data-when]` children that fits how the phone stands:
 * `offline` where what is done is kept on the phone, `reading` elsewhere, `sign_in`, `wrong_person`, `too_old`, `stuck`,
 * `nobody`, or `copy` on a page that is only a copy, and `back` once it can be had anew. In the words of `[data-words]` a `#` becomes the number that waits, or the time of the copy.
 */
import { inWords } from "./moments.js";
import { fillWords } from "./words.js";
import { say } from "../messages.js";
import { watch } from "../offline/standing.js";
import { loadNewVersion } from "../register-worker.js";

/** What puts an act of the page into the phone's queue. */
const KEEPS = "capture-form, queued-form, progress-list, outbox-list, attendance-list, quiz-sheet";
/** What does so on a copy, too. */
const KEEPS_ON_COPY = "attendance-list, quiz-sheet";

class NetworkState extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    const { copiedAt } = document.documentElement.dataset;
    if (copiedAt) this.#standStill();
    this.querySelector("[data-reload]")?.addEventListener("click", () => loadNewVersion());
    this.#stop = watch((standing) => {
      const copy = document.querySelector(KEEPS_ON_COPY) ? "offline" : "copy";
      const state = copiedAt ? (standing.asked && standing.reachable ? "back" : copy) : barFor(standing);
      for (const bar of this.querySelectorAll("[data-when]")) {
        bar.toggleAttribute("hidden", bar.getAttribute("data-when") !== state);
      }
      fillWords(this, copiedAt ? inWords(copiedAt) : standing.waiting);
    });
    addEventListener("submit", this.#plainly, { capture: true });
  }

  disconnectedCallback() {
    this.#stop?.();
    removeEventListener("submit", this.#plainly, { capture: true });
  }

  /** Without a network a plain form would leave the page for the browser's own words: it stays, with what was typed. */
  #plainly = (/** @type {SubmitEvent} */ event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (navigator.onLine || form.method !== "post" || form.closest(`${KEEPS}, [hx-post]`)) return;
    this.#refuse(event, "reading");
  };

  /** @param {Event} event @param {"copy" | "reading" | "back"} why */
  #refuse(event, why) {
    event.preventDefault();
    event.stopImmediatePropagation();
    say(this.querySelector(`[data-when=${why}] span`)?.textContent ?? "", "need");
  }

  /** What a copy said when it was new is gone, and nothing in it is sent, also on phones that do not know `inert`. */
  #standStill() {
    document.getElementById("message")?.replaceChildren();
    const why = () => (this.querySelector("[data-when=back]:not([hidden])") ? "back" : "copy");
    addEventListener("submit", (event) => {
      if (!(/** @type {Element} */ (event.target).closest(KEEPS_ON_COPY))) this.#refuse(event, why());
    }, { capture: true });
  }
}

/** @param {import("../offline/standing.js").Standing} standing */
function barFor({ reachable, asked, member, waiting, last }) {
  if (!reachable) return document.querySelector(KEEPS) ? "offline" : "reading";
  if (asked && !member && document.documentElement.dataset.fromPhone !== undefined) return "nobody";
  return waiting ? last : null;
}

customElements.define("network-state", NetworkState);
