/**
 * `<passkey-form>` around a form with a hidden field `credential`: its button asks the browser to make a passkey
 * (`data-make`) or to sign with one (`data-prove`), both in JSON as WebAuthn has it, and then sends the form. Hidden
 * where a browser cannot do it; codes do there.
 */
import { say } from "../messages.js";

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    if (!form || !globalThis.PublicKeyCredential) return;
    this.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("credential"));
      try {
        field.value = JSON.stringify(await this.#answer());
      } catch {
        say(this.dataset.failed ?? "", "need"); // put off, no passkey for this site, or it took too long
        return;
      }
      form.submit();
    });
  }

  async #answer() {
    const { make, prove } = this.dataset;
    const publicKey = withBytes(JSON.parse(make ?? prove ?? ""));
    const asked = make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
    const made = /** @type {PublicKeyCredential} */ (await asked);
    const { id, type, response } = made;
    /** @type {Record<string, string>} */
    const answer = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      const bytes = /** @type {any} */ (response)[name];
      if (bytes) answer[name] = inLetters(bytes);
    }
    return { id, rawId: inLetters(made.rawId), type, response: answer, clientExtensionResults: {} };
  }
}

/**
 * The options with bytes where JSON has letters.
 * @param {any} options
 */
function withBytes(options) {
  const known = (/** @type {any[]} */ list) => list?.map((one) => ({ ...one, id: inBytes(one.id) }));
  return {
    ...options,
    challenge: inBytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: inBytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: known(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: known(options.allowCredentials) }),
  };
}

/** @param {string} letters base64url */
function inBytes(letters) {
  return Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer} bytes */
function inLetters(bytes) {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

customElements.define("passkey-form", PasskeyForm);
