/**
 * `<ask-first>` around a form and a `<dialog>`: submitting opens the dialog, whose `value="yes"` button submits.
 * Without script the form simply submits.
 */
class AskFirst extends HTMLElement {
  #sure = false;

  connectedCallback() {
    const form = this.querySelector("form");
    const dialog = this.querySelector("dialog");
    if (!form || !dialog) return;
    form.addEventListener("submit", (event) => this.#ask(event, dialog), { capture: true });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      this.#sure = true;
      form.requestSubmit();
    });
  }

  /**
   * @param {Event} event
   * @param {HTMLDialogElement} dialog
   */
  #ask(event, dialog) {
    if (this.#sure) {
      this.#sure = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.returnValue = "";
    dialog.showModal();
  }
}

customElements.define("ask-first", AskFirst);
