/**
 * `<approve-queue>` around the queue's form: keeps the number of ticked rows in the button
 * (`data-label="通过 # 条"` on `[data-count]`), and offers "all / none" (`[data-all]`).
 */
class ApproveQueue extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.addEventListener("htmx:after:swap", this);
    this.querySelector("[data-all]")?.addEventListener("click", () => this.#toggleAll());
    this.handleEvent();
  }

  handleEvent() {
    const ticked = this.#boxes().filter((box) => box.checked).length;
    for (const button of this.querySelectorAll("[data-count]")) {
      button.textContent = (button.getAttribute("data-label") ?? "").replace("#", String(ticked));
      button.toggleAttribute("disabled", ticked === 0);
    }
  }

  #toggleAll() {
    const boxes = this.#boxes().filter((box) => !box.hasAttribute("data-flagged"));
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    this.handleEvent();
  }

  /** @returns {HTMLInputElement[]} */
  #boxes() {
    return [...this.querySelectorAll("input[type=checkbox][name=ids]")].map(
      (box) => /** @type {HTMLInputElement} */ (box),
    );
  }
}

customElements.define("approve-queue", ApproveQueue);
