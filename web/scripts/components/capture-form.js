/**
 * `<capture-form>` around a form that records something (`data-kind`): submitting puts it into the phone's queue.
 * Fields named in `data-fields` become the payload (`minutes:number title takeaway?`); a title that was left empty is
 * the chosen kind's name. When it cannot be stored the form keeps its content and says so. Without script it posts itself.
 */
import { say } from "../messages.js";
import { withOffset } from "../offline/ids.js";
import { capture, outbox, member } from "../offline/phone.js";

class CaptureForm extends HTMLElement {
  /** Id of the refused record that is being recorded anew. @type {string | null} */
  #repaired = null;

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form) return;
    setToday(form);
    this.#recallKind(form).then(() => this.#repair(form));
    form.addEventListener("submit", (event) => {
      if (form.querySelector("[name=member_id]")) return; // for somebody else: the server's own form
      event.preventDefault();
      this.#record(form);
    });
  }

  /** @param {HTMLFormElement} form */
  async #record(form) {
    const button = form.querySelector("button:not([type=button])");
    button?.setAttribute("disabled", "");
    try {
      const fields = new FormData(form);
      const payload = payloadOf(fields, this.dataset.fields ?? "");
      payload.title ||= form.querySelector("input[name=kind]:checked + b")?.textContent ?? "";
      const act = { kind: this.dataset.kind ?? "", payload, label: String(payload.title) };
      await capture({ ...act, ...onAnotherDay(String(fields.get("day") ?? "")) });
      const whose = await member();
      await outbox.remember(`last_kind:${whose}`, fields.get("kind"));
      if (this.#repaired && whose) await outbox.remove(this.#repaired, whose);
      this.#repaired = null;
      this.#clear(form);
      say(this.dataset.done ?? "");
    } catch (error) {
      console.error(error);
      say(this.dataset.failed ?? "", "red");
    } finally {
      button?.removeAttribute("disabled");
    }
  }

  /** @param {HTMLFormElement} form */
  #clear(form) {
    for (const name of (this.dataset.clear ?? "").split(" ").filter(Boolean)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = "";
    }
  }

  /**
   * The usual case is the same kind as last time.
   * @param {HTMLFormElement} form
   */
  async #recallKind(form) {
    const kind = await outbox.recall(`last_kind:${await member()}`).catch(() => null);
    for (const radio of form.querySelectorAll("input[name=kind]")) {
      if (radio instanceof HTMLInputElement && radio.value === kind) radio.checked = true;
    }
  }

  /**
   * A record that the server could not take comes back into the form; recording it anew replaces it.
   * @param {HTMLFormElement} form
   */
  async #repair(form) {
    const id = /^#repair=([\w-]+)$/.exec(location.hash)?.[1];
    const whose = await member();
    if (!id || !whose) return;
    const item = (await outbox.items(whose, "needs_you")).find((one) => one.id === id);
    if (!item) return;
    this.#repaired = id;
    for (const [name, value] of Object.entries(item.payload)) {
      const field = form.elements.namedItem(name);
      if (field instanceof Element || field instanceof RadioNodeList) {
        /** @type {HTMLInputElement} */ (/** @type {unknown} */ (field)).value = String(value ?? "");
      }
    }
  }
}

/**
 * @param {FormData} fields
 * @param {string} wanted such as `title minutes:number takeaway?`: a `?` makes empty text null
 */
export function payloadOf(fields, wanted) {
  /** @type {Record<string, unknown>} */
  const payload = {};
  for (const word of wanted.split(" ").filter(Boolean)) {
    const [, name, optional, number] = /** @type {RegExpExecArray} */ (/^(\w+)(\?)?(:number)?$/.exec(word));
    const text = String(fields.get(name) ?? "").trim();
    payload[name] = number ? Number(text) : text || (optional ? null : "");
  }
  return payload;
}

/**
 * A page kept for days still means today.
 * @param {HTMLFormElement} form
 */
function setToday(form) {
  const day = form.elements.namedItem("day");
  if (!(day instanceof HTMLInputElement)) return;
  day.max = today();
  day.value = today();
}

/**
 * The moment of an act of an earlier day, of which nobody knows the hour: its noon.
 * @param {string} day ISO, or empty
 */
function onAnotherDay(day) {
  return day && day < today() ? { occurred_at: withOffset(new Date(`${day}T12:00:00`)) } : {};
}

function today() {
  return withOffset().slice(0, 10);
}

customElements.define("capture-form", CaptureForm);
