/**
 * `<venue-code data-qr>`: the code of the room on its organiser's phone, as digits and as a QR code, computed here from the
 * secret that the phone took along; `data-recorded` where it is no longer needed, and goes. The code stands behind the `#` of the address, which comes to no log.
 */
import { roomOfPage, roomsOf } from "./room.js";
import { fillWords, put } from "./words.js";
import { listsOf } from "../offline/lists.js";
import { refreshLists } from "../offline/phone.js";
import { outbox, watch } from "../offline/standing.js";
import { STEP_MS, codeAt } from "../offline/totp.js";

const LOOK_MS = 500;
const SVG = "http://www.w3.org/2000/svg";

class VenueCode extends HTMLElement {
  #page = roomOfPage();
  /** @type {string | null} */
  #secret = null;
  #behind = 0;
  #step = -1;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    this.hidden = !this.#page.showsCode;
    if (this.dataset.recorded !== undefined) refreshLists();
    if (this.hidden) return;
    this.#stop = watch(({ member }) => this.#take(member));
    this.#timer = setInterval(() => this.#show(), LOOK_MS);
    refreshLists();
    navigator.wakeLock?.request("screen").catch(() => {}); // a convenience: the room goes on reading
  }

  disconnectedCallback() {
    this.#stop?.();
    clearInterval(this.#timer);
  }

  /** @param {string | null} member */
  async #take(member) {
    const lists = await listsOf(outbox, member);
    if (!lists) return;
    const { rooms, behind } = roomsOf(lists);
    const room = rooms.find(({ id }) => id === this.#page.id);
    this.#behind = behind;
    this.#secret = room?.secret ?? null;
    this.querySelector("[data-none]")?.toggleAttribute("hidden", Boolean(this.#secret));
    if (!this.dataset.event) put(this, "[data-title]", room?.title ?? "");
    if (!this.#secret) this.#erase();
    this.#show();
  }

  async #show() {
    if (!this.#secret) return;
    const now = Date.now() + this.#behind;
    const step = Math.floor(now / STEP_MS);
    fillWords(this, Math.ceil(((step + 1) * STEP_MS - now) / 1000));
    if (step === this.#step) return;
    this.#step = step;
    try {
      const code = await codeAt(this.#secret, now);
      put(this, "[data-code]", `${code.slice(0, 3)} ${code.slice(3)}`);
      await this.#draw(`${location.origin}/m/${this.#page.id}#${code}`);
    } catch {
      // no WebCrypto without TLS: the page as the server gave it is loaded anew by hand
    }
  }

  /** @param {string} address */
  async #draw(address) {
    const { default: encode } = await import(this.dataset.qr ?? "");
    const modules = /** @type {boolean[][]} */ (encode(address, "raw", { border: 2 }));
    const rows = modules.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join(""));
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 0 ${modules.length} ${modules.length}`);
    picture.setAttribute("aria-hidden", "true"); // the digits say it
    picture.setAttribute("shape-rendering", "crispEdges");
    picture.append(document.createElementNS(SVG, "path"));
    picture.firstElementChild?.setAttribute("d", rows.join(""));
    const box = this.querySelector("[data-picture]");
    box?.replaceChildren(picture);
    box?.removeAttribute("hidden");
  }

  #erase() {
    this.#step = -1;
    put(this, "[data-code]", "");
    this.querySelector("[data-picture]")?.replaceChildren();
  }
}

customElements.define("venue-code", VenueCode);
