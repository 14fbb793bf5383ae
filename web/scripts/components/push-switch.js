/**
 * `<push-switch>` around a form with a hidden field `subscription`: where a browser can show what the server sends it,
 * its button asks for that and sends the form. Says (`data-here`) where it is on already; `data-known` are the digests
 * of the addresses that the server has. Without scripts, or in other browsers, the words stay that say so.
 */
import { say } from "../messages.js";

class PushSwitch extends HTMLElement {
  async connectedCallback() {
    const form = this.querySelector("form");
    if (!form || !("PushManager" in globalThis) || !("Notification" in globalThis)) return;
    const registration = await navigator.serviceWorker?.ready;
    if (!registration) return;
    const subscription = await registration.pushManager.getSubscription().catch(() => null);
    const isOn = subscription && (this.dataset.known ?? "").split(" ").includes(await digest(subscription.endpoint));
    this.querySelector("[data-without]")?.toggleAttribute("hidden", true);
    (isOn ? this.querySelector("[data-here]") : form)?.toggleAttribute("hidden", false);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#switchOn(form, registration);
    });
  }

  /**
   * @param {HTMLFormElement} form
   * @param {ServiceWorkerRegistration} registration
   */
  async #switchOn(form, registration) {
    if ((await Notification.requestPermission()) !== "granted") {
      say(this.dataset.denied ?? "", "need");
      return;
    }
    try {
      const options = { userVisibleOnly: true, applicationServerKey: this.dataset.key };
      const subscription = await registration.pushManager.subscribe(options).catch(async () => {
        await endPush(); // one made with an earlier key of the server stands in the way
        return registration.pushManager.subscribe(options);
      });
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("subscription"));
      field.value = JSON.stringify(subscription);
    } catch {
      say(this.dataset.failed ?? "", "need");
      return;
    }
    form.submit();
  }
}

/** Let this browser be sent nothing any more. */
export async function endPush() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

/** @param {string} text its SHA-256, hex */
async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("push-switch", PushSwitch);
