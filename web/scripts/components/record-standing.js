/**
 * `<record-standing data-id data-status>`: where a record stands, as the server has just said it. What was sent from this
 * phone learns it, so that its list does not offer to withdraw what is withdrawn or decided.
 */
import { changed, member, outbox } from "../offline/standing.js";

/** What one page shows is learnt in one step. @type {Map<string, string>} */
const shown = new Map();

class RecordStanding extends HTMLElement {
  connectedCallback() {
    const { id, status } = this.dataset;
    if (!id || !status || document.documentElement.dataset.copiedAt) return; // a copy knows nothing new
    if (!shown.size) setTimeout(learn);
    shown.set(id, status);
  }
}

async function learn() {
  const news = new Map(shown);
  shown.clear();
  try {
    const whose = await member();
    if (whose && (await outbox.learn(whose, news))) changed();
  } catch {
    // no usable store or no room: the list stays as it was
  }
}

customElements.define("record-standing", RecordStanding);
