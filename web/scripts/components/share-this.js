/**
 * `<share-this>` beside a picture code: hands its address to the phone's own sheet, or copies it; and saves the picture.
 * Without script neither is offered: the address stands there to be read, and the page can be printed.
 */
const SIDE = 1024; // pixels: a code that is printed as large as a hand is still sharp

class ShareThis extends HTMLElement {
  connectedCallback() {
    const share = this.querySelector("[data-share]");
    const save = this.querySelector("[data-save]");
    const svg = document.querySelector(".code-picture svg");
    if (!(share instanceof HTMLElement) || !(save instanceof HTMLElement)) return;
    share.hidden = !navigator.share && !navigator.clipboard;
    save.hidden = !svg;
    this.hidden = share.hidden && save.hidden;
    share.addEventListener("click", () => this.#share().catch(() => {})); // closed without sharing: nothing to say
    save.addEventListener("click", () => svg && this.#save(svg).catch(() => this.#say("failed")));
  }

  async #share() {
    const { address = "", name = "" } = this.dataset;
    if (navigator.share) return navigator.share({ title: name, url: address });
    await navigator.clipboard.writeText(address);
    this.#say("copied");
  }

  /** @param {Element} svg */
  async #save(svg) {
    const blob = await picture(svg);
    const file = new File([blob], `${this.dataset.name}.png`, { type: "image/png" });
    if (navigator.canShare?.({ files: [file] })) {
      await navigator.share({ files: [file] }).catch(() => {});
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = file.name;
    link.click();
    URL.revokeObjectURL(link.href);
    this.#say("saved");
  }

  /** @param {"copied" | "saved" | "failed"} what */
  #say(what) {
    const said = this.querySelector("[role=status]");
    if (said) said.textContent = this.dataset[what] ?? "";
  }
}

/**
 * The drawing on white paper: a dark page would give a code that no camera reads.
 *
 * @param {Element} svg
 * @returns {Promise<Blob>}
 */
async function picture(svg) {
  const copy = /** @type {Element} */ (svg.cloneNode(true));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", `${SIDE}`);
  copy.setAttribute("height", `${SIDE}`);
  const drawn = new Image();
  drawn.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(copy.outerHTML)}`;
  await drawn.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas here");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.drawImage(drawn, 0, 0, SIDE, SIDE);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

customElements.define("share-this", ShareThis);
