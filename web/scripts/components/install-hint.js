/**
 * `<install-hint>`: how to put the app on the home screen, from the second day on, until it is put aside for good.
 * Nobody is asked who does not come back, and nothing is told to the server (red line 2).
 */
import { today } from "./fields.js";
import { mayHint, visited } from "./visits.js";

const KEY = "sanliang-visits";
/** @type {any} */
let offered; // Chrome's own question, kept until somebody wants it
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  document.querySelectorAll("install-hint").forEach((hint) => hint instanceof InstallHint && hint.show());
});

class InstallHint extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-install]")?.addEventListener("click", () => offered?.prompt());
    this.querySelector("[data-dismiss]")?.addEventListener("click", () => {
      remember({ ...recall(), dismissed: true });
      this.hidden = true;
    });
    remember(visited(recall(), today()));
    this.show();
  }

  show() {
    const steps = this.querySelector("[data-steps]");
    const install = this.querySelector("[data-install]");
    if (!(steps instanceof HTMLElement) || !(install instanceof HTMLElement)) return;
    const isIos = "standalone" in navigator;
    steps.hidden = !isIos;
    install.hidden = !offered;
    const isInstalled = matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone;
    this.hidden = isInstalled || !(isIos || offered) || !mayHint(recall());
  }
}

/** @returns {import("./visits.js").Visits} */
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return kept ?? { days: 0, last: "", dismissed: false };
  } catch {
    return { days: 0, last: "", dismissed: true }; // nowhere to remember that it was put aside: never ask
  }
}

/** @param {import("./visits.js").Visits} visits */
function remember(visits) {
  try {
    localStorage.setItem(KEY, JSON.stringify(visits));
  } catch {
    // a private window
  }
}

customElements.define("install-hint", InstallHint);
