/**
 * `<keep-page>` around a button: the pages and files of `data-pages` open without a network from then on, because this
 * person wants it. Another tap, or signing out, takes them off the phone again.
 */
import { say } from "../messages.js";
import { copyOf, dropCopy, keepCopy } from "../offline/copies.js";
import { changeKept, keptBy } from "../offline/kept.js";
import { member, outbox } from "../offline/standing.js";

class KeepPage extends HTMLElement {
  #paths = (this.dataset.pages ?? "").split(" ").map((path) => new URL(path, location.href).pathname);

  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !globalThis.caches || !navigator.serviceWorker) return;
    this.hidden = false;
    button.onclick = () => this.#tap(button);
    this.#show(button).catch(() => {});
  }

  /** @param {HTMLButtonElement} button */
  async #show(button) {
    const kept = await keptBy(outbox, await member());
    button.setAttribute("aria-pressed", String(this.#paths.every((path) => kept.includes(path))));
  }

  /** @param {HTMLButtonElement} button */
  async #tap(button) {
    const stay = button.getAttribute("aria-pressed") !== "true";
    try {
      const whose = await member();
      if (!whose) return;
      if (stay) await Promise.all(this.#paths.map((path) => bring(path, whose)));
      await changeKept(outbox, whose, this.#paths, stay);
      if (!stay) await Promise.all(this.#paths.map(dropCopy));
      say((stay ? this.dataset.kept : this.dataset.left) ?? "", "ok", { moves: false });
    } catch {
      say(this.dataset.failed ?? "", "need");
    }
    await this.#show(button).catch(() => {});
  }
}

/**
 * Throws when it is not here afterwards, or no longer `whose` phone this is.
 * @param {string} path
 * @param {string} whose
 */
async function bring(path, whose) {
  await keepCopy(path, await fetch(path), () => true);
  if ((await copyOf(path, whose)) && (await outbox.recall("member")) === whose) return;
  await dropCopy(path);
  throw new Error(`${path} was not kept`);
}

customElements.define("keep-page", KeepPage);
