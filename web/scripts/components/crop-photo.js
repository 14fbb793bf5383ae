/**
 * `<crop-photo>` around a file input and a hidden figure with a canvas: shows the square that will be kept,
 * lets it be moved and enlarged, and sends only that. What the file says of place and time then never leaves the phone.
 *
 * Without script, with a picture the browser cannot draw, or on a phone that lets no script choose a file, the whole
 * file goes, and the server keeps the square in the middle.
 */
import { middle, moved, zoomed } from "./square.js";

const QUALITY = 0.9;
/** Of the square's side, for each press of an arrow key. */
const STEP = 0.05;
const ARROWS = new Map([
  ["ArrowLeft", { dx: -STEP, dy: 0 }],
  ["ArrowRight", { dx: STEP, dy: 0 }],
  ["ArrowUp", { dx: 0, dy: -STEP }],
  ["ArrowDown", { dx: 0, dy: STEP }],
]);

class CropPhoto extends HTMLElement {
  /** @type {HTMLImageElement | null} */
  #picture = null;
  #square = { x: 0, y: 0, side: 0 };

  connectedCallback() {
    this.addEventListener("change", (event) => event.target === this.#input && this.#open());
    this.addEventListener("input", (event) => event.target === this.#zoom && this.#enlarge());
    this.#canvas.addEventListener("pointermove", (event) => this.#drag(event));
    this.#canvas.addEventListener("pointerdown", (event) => this.#canvas.setPointerCapture(event.pointerId));
    this.#canvas.addEventListener("keydown", (event) => this.#press(event));
    // on the way down: before anybody reads the form
    this.closest("form")?.addEventListener("submit", () => this.#keepSquare(), { capture: true });
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=file]"));
  }

  get #zoom() {
    return /** @type {HTMLInputElement} */ (this.querySelector("[data-zoom]"));
  }

  get #canvas() {
    return /** @type {HTMLCanvasElement} */ (this.querySelector("canvas"));
  }

  get #size() {
    const { naturalWidth: width, naturalHeight: height } = /** @type {HTMLImageElement} */ (this.#picture);
    return { width, height };
  }

  #open() {
    const [file] = this.#input.files ?? [];
    this.#close();
    if (!file) return;
    const picture = new Image();
    const address = URL.createObjectURL(file);
    picture.addEventListener("load", () => {
      URL.revokeObjectURL(address);
      this.#picture = picture;
      this.#square = middle(this.#size);
      this.#zoom.value = this.#zoom.min;
      this.#show();
    });
    picture.addEventListener("error", () => URL.revokeObjectURL(address)); // the server says what it thinks of it
    picture.src = address;
  }

  #close() {
    this.#picture = null;
    this.#figure.hidden = true;
  }

  get #figure() {
    return /** @type {HTMLElement} */ (this.querySelector("figure"));
  }

  #enlarge() {
    if (!this.#picture) return;
    this.#square = zoomed(this.#square, Number(this.#zoom.value) / 100, this.#size);
    this.#show();
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#picture || !event.buttons) return;
    const scale = this.#square.side / this.#canvas.clientWidth;
    this.#move({ dx: -event.movementX * scale, dy: -event.movementY * scale });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = ARROWS.get(event.key);
    if (!this.#picture || !step) return;
    event.preventDefault();
    this.#move({ dx: step.dx * this.#square.side, dy: step.dy * this.#square.side });
  }

  /** @param {{ dx: number, dy: number }} step */
  #move(step) {
    this.#square = moved(this.#square, step, this.#size);
    this.#show();
  }

  #show() {
    const { x, y, side } = this.#square;
    const pen = this.#canvas.getContext("2d");
    if (!pen || !this.#picture) return;
    pen.drawImage(this.#picture, x, y, side, side, 0, 0, this.#canvas.width, this.#canvas.height);
    this.#figure.hidden = false;
  }

  #keepSquare() {
    if (!this.#picture) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(asFile(this.#canvas.toDataURL("image/jpeg", QUALITY)));
      this.#input.files = chosen.files;
    } catch {
      // no such thing on this phone: the file goes as it is
    }
  }
}

/** @param {string} address `data:image/jpeg;base64,…`; at once, so that the form that is being sent has it */
function asFile(address) {
  const [head, content] = address.split(",");
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  return new File([bytes], "photo.jpg", { type: head.slice("data:".length).split(";")[0] });
}

customElements.define("crop-photo", CropPhoto);
