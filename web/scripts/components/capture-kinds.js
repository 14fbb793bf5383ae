/**
 * `<capture-kinds>` around links `[data-open]` and the parts `[data-part]` they open: one kind of record at a time, the
 * one in the address first. The choices of `[data-choices]` fields come from the lists the phone took along, as do the
 * limits of what is typed beside them. Without script the links lead to pages.
 */
import { listsOf } from "../offline/lists.js";
import { refreshLists } from "../offline/phone.js";
import { outbox, watch } from "../offline/standing.js";

/** @typedef {import("../offline/types.js").Choices} Choices */

class CaptureKinds extends HTMLElement {
  /** What opens when the address names nothing. */
  #usual = this.querySelector("[data-open]")?.getAttribute("data-open") ?? "";
  /** @type {(() => void) | undefined} */
  #stop;
  #fromAddress = () => this.#open(/^#(\w+)(?:\?|$)/.exec(location.hash)?.[1] ?? this.#usual);

  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = /** @type {Element} */ (event.target).closest("[data-open]");
      if (!link) return;
      event.preventDefault();
      history.replaceState(history.state, "", `#${link.getAttribute("data-open")}`);
      this.#fromAddress();
    });
    addEventListener("hashchange", this.#fromAddress);
    this.#fromAddress();
    this.#stop = watch(({ member }) => this.#offer(member));
    refreshLists();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#fromAddress);
    this.#stop?.();
  }

  /** @param {string | null} [part] */
  #open(part) {
    if (!this.querySelector(`[data-part="${part}"]`)) return;
    for (const one of this.querySelectorAll("[data-part]")) one.toggleAttribute("hidden", one.getAttribute("data-part") !== part);
    for (const link of this.querySelectorAll("[data-open]")) {
      if (link.getAttribute("data-open") === part) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {string | null} member */
  async #offer(member) {
    const lists = await listsOf(outbox, member);
    if (!lists) return;
    for (const link of this.querySelectorAll("[data-open]")) {
      const part = link.getAttribute("data-open") ?? "";
      const offer = /** @type {Choices | null | undefined} */ (lists[part]);
      if (!offer || Array.isArray(offer)) continue; // a list offers no choices
      fill(/** @type {Element} */ (this.querySelector(`[data-part="${part}"]`)), offer);
      if (lists.is_member || part === this.#usual) continue;
      this.#usual = part;
      this.#fromAddress();
    }
    const repaired = /^#repair=([\w-]+)$/.exec(location.hash)?.[1];
    const items = member && repaired ? await outbox.items(member, "needs_you") : [];
    const kind = items.find((item) => item.id === repaired)?.kind;
    const form = this.querySelector(`capture-form[data-kind="${kind}"]`);
    this.#open(form?.closest("[data-part]")?.getAttribute("data-part"));
  }
}

/**
 * @param {Element} part of the capture page
 * @param {Choices} offer
 */
function fill(part, { limits, ...choices_of }) {
  for (const [name, choices] of Object.entries(choices_of)) {
    const select = /** @type {HTMLSelectElement | null} */ (part.querySelector(`select[data-choices="${name}"]`));
    const first = select?.options[0]; // asks to choose
    if (!select || !first || select.options.length === choices.length + 1) continue;
    select.replaceChildren(first, ...choices.map(([value, words]) => new Option(words, value)));
    select.value = select.dataset.wanted ?? (choices.length === 1 ? choices[0][0] : "");
    select.closest(".field")?.toggleAttribute("hidden", choices.length === 1);
  }
  for (const [name, limit] of Object.entries(limits)) {
    part.querySelector(`[name="${name}"]`)?.setAttribute("maxlength", String(limit));
  }
}

customElements.define("capture-kinds", CaptureKinds);
