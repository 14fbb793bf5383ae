/** Titles to begin with: of the month's plan and of what was recorded lately, as the page brought or this phone knows them. */
import { listsOf } from "../offline/lists.js";
import { member, outbox } from "../offline/standing.js";

const MOST = 3;
const MOST_PLANNED = 4;

/**
 * Offer them above the form's `title`; one tap fills it in, another one empties it.
 * @param {HTMLFormElement} form
 * @param {string} kind of record
 */
export async function offerRecent(form, kind) {
  const box = form.querySelector("[data-recent]");
  const title = form.elements.namedItem("title");
  if (!(box instanceof HTMLElement) || !(title instanceof HTMLInputElement)) return;
  const buttons = () => box.querySelectorAll("button");
  const press = () => buttons().forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === title.value)));
  title.oninput = press;
  box.onclick = ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    if (!button) return;
    title.value = button.textContent === title.value ? "" : (button.textContent ?? "");
    if (title.value) chooseKind(form, button.dataset.kind);
    press();
  };
  const brought = [...buttons()].map((one) => ({ title: one.textContent ?? "", kind: one.dataset.kind }));
  const planned = new Map(await ofPlan(kind));
  for (const one of brought) if (one.kind) planned.set(one.title, one.kind);
  const titles = new Set([...(await fromPhone(kind)), ...brought.map((one) => one.title)]);
  for (const words of planned.keys()) titles.delete(words);
  for (const word of form.querySelectorAll("input[name=kind] + * > :first-child")) titles.delete(word.textContent ?? "");
  const offered = [...[...planned].slice(0, MOST_PLANNED), ...[...titles].slice(0, MOST).map((words) => [words])];
  box.querySelector(".set")?.replaceChildren(...offered.map(buttonOf));
  box.hidden = !offered.length;
  press();
}

/**
 * Choose a kind of study by its value, if there is one like that.
 * @param {HTMLFormElement} form
 * @param {string | null | undefined} kind
 */
export function chooseKind(form, kind) {
  for (const radio of form.querySelectorAll("input[name=kind]")) {
    if (radio instanceof HTMLInputElement && radio.value === kind) radio.checked = true;
  }
}

/**
 * What the plan of the month holds, as the phone took it along.
 * @param {string} kind
 * @returns {Promise<[string, string][]>}
 */
async function ofPlan(kind) {
  if (kind !== "study.record") return [];
  const lists = await listsOf(outbox, await member());
  return /** @type {[string, string][]} */ (lists?.study ?? []);
}

/** @param {string} kind */
async function fromPhone(kind) {
  const whose = await member();
  if (!whose) return [];
  const [waiting, sent] = await Promise.all([outbox.items(whose), outbox.sent(whose)]);
  return [...waiting.reverse(), ...sent].filter((one) => one.kind === kind).map(({ label }) => label);
}

/** @param {(string | undefined)[]} offer a title, and the kind that goes with it */
function buttonOf([title, kind]) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn quiet small", textContent: title });
  if (kind) button.dataset.kind = kind;
  return button;
}
