/**
 * `<check-in data-scan data-unknown>` around the form for the code of the room: a code in the address (behind the `#`, never
 * sent) is filled in, the camera reads one, and without a network the meetings are those that the phone took along.
 */
import { roomOfPage, roomsOf } from "./room.js";
import { listsOf } from "../offline/lists.js";
import { outbox, watch } from "../offline/standing.js";

const LOOK_MS = 200;

class CheckIn extends HTMLElement {
  #isLooking = false;
  #page = roomOfPage();
  /** @type {(() => void) | undefined} */
  #stop;
  #fromAddress = () => {
    const code = /^#(\d{6})$/.exec(location.hash)?.[1];
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=code]"));
    if (!code || !field) return;
    field.value = code;
    history.replaceState(history.state, "", location.pathname);
  };

  connectedCallback() {
    this.hidden = this.#page.showsCode;
    if (this.hidden) return;
    const select = /** @type {HTMLSelectElement} */ (this.querySelector("select"));
    if (!select.options.length) this.#stop = watch(({ member }) => this.#offer(select, member));
    addEventListener("hashchange", this.#fromAddress);
    this.#fromAddress();
    const button = /** @type {HTMLButtonElement} */ (this.querySelector("[data-look]"));
    button.hidden = !navigator.mediaDevices?.getUserMedia;
    const blind = /** @type {HTMLElement} */ (this.querySelector("[data-blind]"));
    button.addEventListener("click", () => {
      if (this.#isLooking) return;
      this.#isLooking = true;
      blind.textContent = "";
      this.#look()
        .catch(() => {
          blind.textContent = blind.dataset.words ?? "";
        })
        .finally(() => {
          this.#isLooking = false;
        });
    });
  }

  disconnectedCallback() {
    this.#stop?.();
    removeEventListener("hashchange", this.#fromAddress);
  }

  /**
   * @param {HTMLSelectElement} select
   * @param {string | null} member
   */
  async #offer(select, member) {
    const { rooms } = roomsOf(await listsOf(outbox, member));
    const { id } = this.#page;
    const known = rooms.filter((room) => !id || room.id === id);
    const offered = known.length || !id ? known : [{ id, title: this.dataset.unknown ?? "" }];
    if (offered.map((room) => room.id).join() === [...select.options].map(({ value }) => value).join()) return;
    select.replaceChildren(...offered.map(({ id: value, title }) => new Option(title, value)));
    this.querySelector("[data-none]")?.toggleAttribute("hidden", offered.length > 0);
  }

  /** Read codes with the camera until one is a code of ours. */
  async #look() {
    const film = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const seen = /** @type {HTMLVideoElement} */ (this.querySelector("video"));
    try {
      seen.srcObject = film;
      seen.hidden = false;
      await seen.play();
      const read = await reader(this.dataset.scan ?? "");
      for (let found = null; this.isConnected && !found;) {
        await new Promise((resolve) => {
          setTimeout(resolve, LOOK_MS);
        });
        found = /\/m\/([\da-f-]{36})#(\d{6})$/.exec(await read(seen));
        // on the page of that meeting it leads to the field and leaves nothing
        // eslint-disable-next-line no-restricted-syntax
        if (found) location.assign(`/m/${found[1]}#${found[2]}`);
      }
    } finally {
      for (const track of film.getTracks()) track.stop();
      seen.hidden = true;
    }
  }
}

/**
 * What reads a picture of the camera: the browser, else a library that is only now loaded.
 * @param {string} library
 * @returns {Promise<(seen: HTMLVideoElement) => Promise<string>>}
 */
async function reader(library) {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (Detector) {
    const detector = new Detector({ formats: ["qr_code"] });
    return async (seen) => (await detector.detect(seen))[0]?.rawValue ?? "";
  }
  const { default: decode } = await import(library);
  const canvas = document.createElement("canvas");
  return async (seen) => {
    [canvas.width, canvas.height] = [seen.videoWidth, seen.videoHeight];
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    brush?.drawImage(seen, 0, 0);
    try {
      return decode(brush?.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return ""; // nothing to be read in it
    }
  };
}

customElements.define("check-in", CheckIn);
