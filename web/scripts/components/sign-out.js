/**
 * `<sign-out>` around the sign-out form and a `<dialog>`: with unsent records on the phone it asks first and offers to
 * send them. Signing out forgets copies of pages and who was here, never the queue.
 */
import { forgetMember, sendNow, standing } from "../offline/phone.js";

class SignOut extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const dialog = this.querySelector("dialog");
    if (!form || !dialog) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#askOrLeave(form, dialog);
    });
    dialog.addEventListener("close", async () => {
      if (dialog.returnValue === "leave") return leave(form);
      if (dialog.returnValue !== "send") return;
      await sendNow();
      await this.#askOrLeave(form, dialog); // asks again when something is still here
    });
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLDialogElement} dialog
   */
  async #askOrLeave(form, dialog) {
    const { waiting, needsYou } = await standing().catch(() => ({ waiting: 0, needsYou: 0 }));
    if ((!waiting && !needsYou) || !dialog.showModal) return leave(form); // phones of 2021 know no dialogs
    for (const number of dialog.querySelectorAll("[data-number]")) number.textContent = String(waiting + needsYou);
    dialog.returnValue = "";
    dialog.showModal();
  }
}

/** @param {HTMLFormElement} form */
async function leave(form) {
  await forgetMember().catch(() => {});
  form.submit();
}

customElements.define("sign-out", SignOut);
