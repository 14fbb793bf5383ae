/**
 * `<ask-first>` around a form and a `<dialog>`: submitting opens the dialog, whose `value="yes"` button submits.
 * Without script, or on a phone that knows no dialogs, the form is simply sent.
 */
class AskFirst extends HTMLElement {
  /** The button that was pressed; pressed again after a yes, so that its name and address go along. @type {HTMLElement | null} */
  #pressed = null;
  #sure = false;

  connectedCallback() {
    // caught on the way down: before htmx, and for a form that was swapped in later too
    this.addEventListener("submit", (event) => this.#ask(/** @type {SubmitEvent} */ (event)), { capture: true });
    this.addEventListener("close", () => this.#answer(), { capture: true });
  }

  /** @param {SubmitEvent} event */
  #ask(event) {
    const dialog = this.#dialog();
    if (!dialog?.showModal || dialog.contains(/** @type {Node} */ (event.target))) return;
    if (this.#sure) {
      this.#sure = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#pressed = event.submitter;
    dialog.returnValue = "";
    dialog.showModal();
  }

  #answer() {
    if (this.#dialog()?.returnValue !== "yes") return;
    this.#sure = true;
    const button = this.#pressed ?? this.querySelector("form button:not([type=button])");
    if (button instanceof HTMLElement) button.click(); // requestSubmit() is unknown to iOS 15
  }

  #dialog() {
    return this.querySelector("dialog");
  }
}

customElements.define("ask-first", AskFirst);
