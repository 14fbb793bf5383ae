/** What htmx and the server have to say, in the page's live region. */

/**
 * Say `text` where everybody finds it; screen readers read it out.
 * @param {string} text
 * @param {"ok" | "need"} [tone] need is amber, never red: no network is no fault
 * @param {{moves?: boolean}} [how] whether the page moves there: not under somebody who has gone on typing
 */
export function say(text, tone = "ok", { moves = true } = {}) {
  const region = document.getElementById("message");
  if (!region) return;
  const box = document.createElement("div");
  const line = document.createElement("p");
  box.className = `message ${tone}`;
  line.textContent = text;
  box.append(line);
  region.replaceChildren(box);
  if (moves) region.scrollIntoView({ block: "nearest" });
}

/** How long what was done can be taken back from the line that says so. */
const UNDO_MS = 10_000;

/**
 * The form that takes back what was done, as `ui.done` writes it.
 * @param {{to: string, label: string, sends: Record<string, string>}} undo
 */
function undoForm({ to, label, sends }) {
  const form = document.createElement("form");
  const button = document.createElement("button");
  form.method = "post";
  form.action = to;
  for (const [name, value] of Object.entries(sends)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  button.className = "btn quiet small";
  button.textContent = label;
  form.append(button);
  return form;
}

/** Let the offer go after a while, but not from under a finger. */
function endOffer() {
  const form = document.querySelector("#message form");
  if (!form) return;
  setTimeout(() => {
    if (form.contains(document.activeElement)) form.addEventListener("focusout", () => form.remove());
    else form.remove();
  }, UNDO_MS);
}
endOffer();

document.addEventListener("sanliang:message", (event) => {
  const { text, undo } =
    /** @type {CustomEvent<{text: string, undo?: {to: string, label: string, sends: Record<string, string>}}>} */ (
      event
    ).detail;
  if (!text) return;
  say(text);
  if (!undo) return;
  document.querySelector("#message .message")?.append(undoForm(undo));
  endOffer();
});

// What was said of the last action would be taken for the answer to this one.
document.addEventListener("htmx:before:request", () => document.getElementById("message")?.replaceChildren());

document.addEventListener("htmx:error", (event) => {
  const { ctx } = /** @type {CustomEvent<{ctx?: {response?: unknown}}>} */ (event).detail;
  if (!ctx || ctx.response) return; // a fault of a page, not of the network
  const words = document.querySelector("meta[name='sanliang-no-network']")?.getAttribute("content");
  if (words) say(words, "need");
});
