/**
 * `<approve-queue>` around the queue's form: keeps the number of ticked rows in the button
 * (`data-label="通过 # 条"` on `[data-count]`), and shows the button that ticks all or none (`[data-all]`).
 * What is marked for the officer has no box, and what is decided one by one is ticked by hand: neither is among all.
 */
class ApproveQueue extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#count());
    this.addEventListener("htmx:after:swap", () => this.#count());
    this.addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-all]")) this.#toggleAll();
    });
    this.querySelector("[data-all]")?.toggleAttribute("hidden", !this.#boxes().some(isAmongAll));
    this.#count();
  }

  #count() {
    const ticked = this.#boxes().filter((box) => box.checked).length;
    for (const button of this.querySelectorAll("[data-count]")) {
      button.textContent = (button.getAttribute("data-label") ?? "").replace("#", String(ticked));
      button.toggleAttribute("disabled", ticked === 0);
    }
  }

  #toggleAll() {
    const boxes = this.#boxes().filter(isAmongAll);
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    this.#count();
  }

  #boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll("input[type=checkbox][name=ids]")]);
  }
}

/** @param {HTMLInputElement} box */
function isAmongAll(box) {
  return box.dataset.oneByOne === undefined;
}

customElements.define("approve-queue", ApproveQueue);
