/** Titles of what was recorded lately, to begin with: those the page brought, else those this phone knows of. */
import { member, outbox } from "../offline/standing.js";

const MOST = 3;

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
    press();
  };
  const titles = new Set([...(await fromPhone(kind)), ...[...buttons()].map((one) => one.textContent ?? "")]);
  for (const word of form.querySelectorAll("input[name=kind] + * > :first-child")) titles.delete(word.textContent ?? "");
  box.querySelector(".set")?.replaceChildren(...[...titles].slice(0, MOST).map(buttonOf));
  box.hidden = !titles.size;
  press();
}

/** @param {string} kind */
async function fromPhone(kind) {
  const whose = await member();
  if (!whose) return [];
  const [waiting, sent] = await Promise.all([outbox.items(whose), outbox.sent(whose)]);
  return [...waiting.reverse(), ...sent].filter((one) => one.kind === kind).map(({ label }) => label);
}

/** @param {string} title */
function buttonOf(title) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn quiet small", textContent: title });
  return button;
}
