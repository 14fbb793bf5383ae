/**
 * `<capture-form>` around a form that records something (`data-kind`): submitting puts it into the phone's queue.
 * Fields named in `data-fields` become the payload; a title that was left empty is `data-untitled` or the chosen kind's name, and
 * `data-called` and the words of the choices in `data-note` stand beside it in lists. Once the server has named it the form says so, in the
 * words of `data-verdicts`. A phone that cannot store gives the record to the server; when that does not answer either
 * the form keeps its content and says so. Without script it posts itself.
 */
import { TapTwice, earliest, momentOf, payloadOf, today } from "./fields.js";
import { chooseKind, offerRecent } from "./recent.js";
import { keepWhatIsTyped } from "./typed.js";
import { wordsForVerdict, wordsIn } from "./words.js";
import { say } from "../messages.js";
import { serverAnswers } from "../offline/ask.js";
import { newId } from "../offline/ids.js";
import { NobodyHereError, capture } from "../offline/phone.js";
import { member, outbox, watch } from "../offline/standing.js";

/** @typedef {import("../offline/types.js").Item} Item */
/** @typedef {import("../offline/types.js").Sent} Sent */

class CaptureForm extends HTMLElement {
  /** The refused record that is being recorded anew. @type {Item | null} */
  #repaired = null;
  #tapTwice = new TapTwice();
  /** Whether the address has begun it with a title. */
  #isMeant = false;
  #dayChosen = false;
  /** The day that stands there unless a person has chosen one. */
  #usualDay = "";
  /** Ids of what was recorded here and has not been named yet. @type {Set<string>} */
  #underWay = new Set();
  /** @type {(() => void) | undefined} */
  #stop;

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form) return;
    this.#stop = watch((standing) => this.#tellArrivals(standing.member));
    this.#setToday(form);
    const day = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("day"));
    form.addEventListener("change", (event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      if (field.name === "day") this.#choose(field);
    });
    form.addEventListener("invalid", showField, { capture: true });
    document.addEventListener("visibilitychange", () => this.#setToday(form));
    addEventListener("pageshow", () => this.#setToday(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#record(form);
    });
    this.#recallKind(form)
      .then(() => this.#repair(form))
      .catch(() => {}) // a phone without a usable store has nothing to recall
      .then(() => keepWhatIsTyped(form, this.dataset.kind ?? ""))
      .then(() => this.#begin(form))
      .then(() => {
        if (day && day.value !== this.#usualDay) this.#dayChosen = true;
      })
      .then(() => offerRecent(form, this.dataset.kind ?? ""))
      .catch(() => {}); // a convenience
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  /** @param {HTMLFormElement} form */
  async #record(form) {
    const fields = new FormData(form);
    const payload = payloadOf(fields, this.dataset.fields ?? "");
    const day = this.#dayChosen && fields.has("day") ? String(fields.get("day")) : ""; // drafts of wishes have none
    if (this.#tapTwice.is([payload, day])) return;
    const id = newId();
    if (day) payload.day = day; // whatever the clock says, a person has said it
    const occurred_at = momentOf(day, this.#repaired?.occurred_at);
    const [kind = "", ...others] = (this.dataset.note ?? "").split(" ").map((name) => chosenWords(form, name));
    const label = String((payload.title ||= this.dataset.untitled ?? kind));
    const note = [this.dataset.called, label === kind ? "" : kind, ...others].filter(Boolean).join(" · ");
    try {
      const act = { id, kind: this.dataset.kind ?? "", payload, occurred_at, label, note };
      await capture(act, this.#repaired?.id);
      this.#underWay.add(id);
      if (fields.has("kind")) rememberKind(fields.get("kind")).catch(() => {}); // a convenience
      this.#clear(form, fields);
      offerRecent(form, act.kind).catch(() => {}); // a convenience
      say(this.dataset.done ?? "");
    } catch (error) {
      this.#tapTwice = new TapTwice();
      if (error instanceof NobodyHereError) say(this.dataset.nobody ?? "", "need");
      else if (await serverAnswers()) postPlainly(form, id);
      else say(this.dataset.failed ?? "", "need");
    }
  }

  /**
   * Say what the server has said of what was recorded here, whoever sent it: this page, another tab or the worker.
   * @param {string | null} whose
   */
  async #tellArrivals(whose) {
    if (!whose || !this.#underWay.size) return;
    const [items, sent] = await Promise.all([outbox.items(whose), outbox.sent(whose)]);
    const named = [...this.#underWay].filter((id) => !items.some((item) => item.id === id && item.state === "waiting"));
    for (const id of named) this.#underWay.delete(id);
    const refused = items.find((item) => named.includes(item.id));
    const arrived = sent.filter((entry) => named.includes(entry.id)); // what was taken back by hand is in neither
    const moves = false;
    if (refused) say(refused.verdict?.message ?? this.dataset.refused ?? "", "need", { moves });
    else if (arrived.length === 1) say(this.#wordsOf(arrived[0]), arrived[0].message ? "need" : "ok", { moves });
    else if (arrived.length) say((this.dataset.several ?? "").replace("#", String(arrived.length)), "ok", { moves });
  }

  /** @param {Sent} entry */
  #wordsOf(entry) {
    return entry.message ?? wordsForVerdict(entry, wordsIn(this.dataset.verdicts));
  }

  /**
   * Make room for the next record; what was typed while this one was being stored stays.
   * @param {HTMLFormElement} form
   * @param {FormData} stored
   */
  #clear(form, stored) {
    for (const name of (this.dataset.clear ?? "").split(" ").filter(Boolean)) {
      const field = form.elements.namedItem(name);
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
      if (field.value === stored.get(name)) field.value = "";
    }
    this.#dayChosen &&= new FormData(form).get("day") !== stored.get("day");
    this.#setToday(form);
    if (this.#repaired || this.#isMeant) history.replaceState(null, "", location.pathname);
    this.#repaired = null;
    this.#isMeant = false;
  }

  /**
   * A page kept for days still means today.
   * @param {HTMLFormElement} form
   */
  #setToday(form) {
    const day = form.elements.namedItem("day");
    if (!(day instanceof HTMLInputElement)) return;
    day.max = today();
    day.min = earliest();
    if (!this.#dayChosen) this.#usualDay = day.value = today();
  }

  /**
   * A day is kept as it was chosen, or refused here.
   * @param {HTMLInputElement} day
   */
  #choose(day) {
    this.#dayChosen = true;
    day.setCustomValidity("");
    if (day.validity.rangeUnderflow) day.setCustomValidity(this.dataset.longAgo ?? "");
  }

  /**
   * The usual case is the same kind as last time.
   * @param {HTMLFormElement} form
   */
  async #recallKind(form) {
    const kind = await outbox.recall(`last_kind:${await member()}`);
    chooseKind(form, kind);
  }

  /**
   * What was planned or read begins its record: the address says the title and the kind (`recording.studied`). Without a
   * network the worker moves them behind the `#`, because the page that opens then is everybody's.
   * @param {HTMLFormElement} form
   */
  #begin(form) {
    const meant = new URLSearchParams(location.search || location.hash.split("?")[1]);
    const title = form.elements.namedItem("title");
    if (this.dataset.kind !== "study.record" || !meant.get("title") || !(title instanceof HTMLInputElement)) return;
    this.#isMeant = true;
    title.value = (meant.get("title") ?? "").slice(0, title.maxLength);
    chooseKind(form, meant.get("kind"));
  }

  /**
   * A record that the server could not take comes back into the form; recording it anew replaces it.
   * @param {HTMLFormElement} form
   */
  async #repair(form) {
    const id = /^#repair=([\w-]+)$/.exec(location.hash)?.[1];
    const whose = await member();
    if (!id || !whose) return;
    const refused = await outbox.items(whose, "needs_you");
    this.#repaired = refused.find((item) => item.id === id && item.kind === this.dataset.kind) ?? null;
    if (!this.#repaired) return;
    const { payload, occurred_at } = this.#repaired;
    this.#dayChosen = true;
    for (const [name, value] of Object.entries({ ...payload, day: occurred_at.slice(0, 10) })) {
      const field = form.elements.namedItem(name);
      if (field instanceof Element || field instanceof RadioNodeList) {
        /** @type {HTMLInputElement} */ (/** @type {unknown} */ (field)).value = String(value ?? "");
        if (field instanceof HTMLSelectElement) field.dataset.wanted = String(value ?? ""); // its choices may come later
      }
    }
    form.querySelector("details")?.setAttribute("open", "");
  }
}

/**
 * A field that is not right may be folded away.
 * @param {Event} event
 */
function showField({ target }) {
  /** @type {Element} */ (target).closest("details")?.setAttribute("open", "");
}

/** @param {FormDataEntryValue | null} kind */
async function rememberKind(kind) {
  await outbox.remember(`last_kind:${await member()}`, kind);
}

/**
 * The words of the choice named `name`: of the option, or beside the button without what explains them.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function chosenWords(form, name) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.text ?? "";
  return form.querySelector(`input[name="${name}"]:checked + * > :first-child`)?.textContent ?? "";
}

/**
 * As without script, but with the id of this act: if both ways should be taken, it is still one record.
 * @param {HTMLFormElement} form
 * @param {string} id
 */
function postPlainly(form, id) {
  let field = form.querySelector("input[name=id]");
  if (!field) {
    field = document.createElement("input");
    field.setAttribute("type", "hidden");
    field.setAttribute("name", "id");
    form.append(field);
  }
  field.setAttribute("value", id);
  form.submit();
}

customElements.define("capture-form", CaptureForm);
