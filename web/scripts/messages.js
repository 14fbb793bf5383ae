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

document.addEventListener("sanliang:message", (event) => {
  const { text } = /** @type {CustomEvent<{text: string}>} */ (event).detail;
  if (text) say(text);
});

// What was said of the last action would be taken for the answer to this one.
document.addEventListener("htmx:before:request", () => document.getElementById("message")?.replaceChildren());

document.addEventListener("htmx:error", (event) => {
  const { ctx } = /** @type {CustomEvent<{ctx?: {response?: unknown}}>} */ (event).detail;
  if (!ctx || ctx.response) return; // a fault of a page, not of the network
  const words = document.querySelector("meta[name='sanliang-no-network']")?.getAttribute("content");
  if (words) say(words, "need");
});
