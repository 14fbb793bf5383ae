/**
 * `<sign-out>` around the sign-out form and a `<dialog>`: with unsent records on the phone it asks first and offers to
 * send them. Signing out forgets copies of pages and who was here, never the queue. It needs the server: a session that
 * only this phone believes to be over would open again for whoever comes next.
 */
import { fillWords } from "./words.js";
import { say } from "../messages.js";
import { serverAnswers } from "../offline/ask.js";
import { endPush } from "./push-switch.js";
import { forgetMember, sendNow } from "../offline/phone.js";
import { standing } from "../offline/standing.js";

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
      if (dialog.returnValue === "leave") await this.#leave(form);
      if (dialog.returnValue !== "send") return;
      await sendNow({ asked: true });
      await this.#askOrLeave(form, dialog); // asks again when something is still here
    });
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLDialogElement} dialog
   */
  async #askOrLeave(form, dialog) {
    const { waiting, needsYou } = await standing().catch(() => ({ waiting: 0, needsYou: 0 }));
    if ((!waiting && !needsYou) || !dialog.showModal) return this.#leave(form); // phones of 2021 know no dialogs
    fillWords(dialog, waiting + needsYou);
    dialog.returnValue = "";
    dialog.showModal();
  }

  /** @param {HTMLFormElement} form */
  async #leave(form) {
    if (!(await serverAnswers())) {
      say(this.dataset.unreachable ?? "", "need");
      return;
    }
    await forgetMember().catch(() => {});
    endPush().catch(() => {}); // whoever comes next is not told that this person has something to do
    form.submit();
  }
}

customElements.define("sign-out", SignOut);
