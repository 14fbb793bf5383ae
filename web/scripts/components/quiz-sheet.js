/**
 * `<quiz-sheet data-quiz data-title data-done data-failed>` around a form of questions: shows one at a time, keeps what
 * was chosen on this phone until it is handed in, and puts it into the queue as one item, which goes out at once where
 * there is a network. It knows no key. Without script the questions follow each other, a screen each, and the form is
 * simply sent; so it is where the phone can store nothing.
 */
import { leaveOnce } from "../leave.js";
import { say } from "../messages.js";
import { newId } from "../offline/ids.js";
import { capture } from "../offline/phone.js";
import { changed, isReachable, member, outbox, watch } from "../offline/standing.js";

const KIND = "quiz.attempt";
/** Where half-filled answers lie: of one set, whose signature no two people share. */
const DRAFT = "quiz_draft";

class QuizSheet extends HTMLElement {
  /** @type {(() => void) | undefined} */
  #stop;
  #isKept = false;

  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#keep();
    });
    this.addEventListener("change", () => this.#remember());
    this.addEventListener("click", (event) => {
      const step = /** @type {Element} */ (event.target).closest("[data-step]");
      if (!step) return;
      event.preventDefault();
      this.#show(this.#at + Number(step.getAttribute("data-step")));
    });
    this.#show(0);
    this.#recall();
    this.#stop = watch(() => this.#look());
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #questions() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll("fieldset")]);
  }

  get #at() {
    return this.#questions.findIndex(({ hidden }) => !hidden);
  }

  get #signature() {
    return String(new FormData(this.#form).get("signature"));
  }

  /** The letters chosen for each question, by its id. */
  get #answers() {
    const fields = new FormData(this.#form);
    const names = fields.getAll("questions").map(String);
    return Object.fromEntries(names.map((name) => [name, fields.getAll(`a-${name}`).map(String).sort().join("")]));
  }

  /** @param {number} at */
  #show(at) {
    this.#questions.forEach((question, index) => question.toggleAttribute("hidden", index !== at));
    this.#questions[at]?.scrollIntoView?.({ block: "nearest" });
    /** @type {HTMLElement | null | undefined} */ (this.#questions[at]?.querySelector("input:checked, input"))?.focus();
  }

  async #remember() {
    const draft = { signature: this.#signature, answers: this.#answers, at: this.#at };
    await outbox.remember(DRAFT, draft).catch(() => {}); // a phone without room: it is not lost before the page is
  }

  async #recall() {
    const draft = await outbox.recall(DRAFT).catch(() => null);
    if (draft?.signature !== this.#signature) return;
    for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[name^=a-]"))) {
      field.checked = String(draft.answers[field.name.slice(2)] ?? "").includes(field.value);
    }
    this.#show(draft.at);
  }

  async #keep() {
    if (this.#isKept) return;
    const { quiz = "", title = "", done = "", failed = "" } = this.dataset;
    const fields = new FormData(this.#form);
    const payload = { quiz_id: quiz, number: Number(fields.get("number")), signature: this.#signature, answers: this.#answers };
    try {
      await capture({ id: String(fields.get("id") ?? newId()), kind: KIND, payload, label: title, stands: true });
      await outbox.remember(DRAFT, null);
      this.#isKept = true;
      changed();
      if (!isReachable()) say(done);
    } catch {
      if (isReachable()) this.#form.submit();
      else say(failed, "need");
    }
  }

  /** Whether answers to this very set wait on this phone, and where to go once they have arrived. */
  async #look() {
    const whose = await member();
    const items = whose ? await outbox.items(whose) : [];
    const mine = items.filter(({ kind, payload }) => kind === KIND && payload.signature === this.#signature);
    const waits = mine.some(({ state }) => state === "waiting");
    if (this.#isKept && !waits) {
      leaveOnce(() => location.assign(mine.length ? "/outbox" : `/study/quizzes/${this.dataset.quiz}`));
      return;
    }
    this.querySelector("[data-waits]")?.toggleAttribute("hidden", !waits);
    for (const question of this.#questions) question.toggleAttribute("disabled", waits);
    if (waits) this.#isKept = true;
  }
}

customElements.define("quiz-sheet", QuizSheet);
