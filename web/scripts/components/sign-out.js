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
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { waiting, needsYou } = await standing().catch(() => ({ waiting: 0, needsYou: 0 }));
      if (!waiting && !needsYou) return leave(form);
      for (const number of dialog.querySelectorAll("[data-number]")) number.textContent = String(waiting + needsYou);
      dialog.returnValue = "";
      dialog.showModal();
    });
    dialog.addEventListener("close", async () => {
      if (dialog.returnValue === "send") {
        await sendNow();
        form.requestSubmit(); // asks again when something is still here
      } else if (dialog.returnValue === "leave") await leave(form);
    });
  }
}

/** @param {HTMLFormElement} form */
async function leave(form) {
  await forgetMember().catch(() => {});
  form.submit();
}

customElements.define("sign-out", SignOut);
