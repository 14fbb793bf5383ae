/** What was not right with a form is what its sender reads next: the summary has the focus, and leads to each field. */

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest(".sum a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  (field.closest("fieldset") ?? field.parentElement ?? field).scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

/** @type {Element | null} */
let next = null;
/** Whether a person asked; what a page fetches by itself moves nobody. */
let isAsked = false;
/** What was said already when the request began. */
let before = sum();

document.addEventListener("htmx:before:request", (event) => {
  const by = /** @type {Element} */ (event.target);
  isAsked = by.matches("form") || document.activeElement !== document.body;
  const row = by.closest("li, tr");
  next = row && (row.nextElementSibling ?? row.previousElementSibling);
  before = sum();
  const said = before?.dataset.title;
  if (said && document.title.startsWith(said)) document.title = document.title.slice(said.length);
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = /** @type {CustomEvent<{ctx?: {target?: Element}}>} */ (event).detail;
  const box = sum();
  if (box && box !== before) tell();
  else if (box) entitle(box);
  else if (isAsked && document.activeElement === document.body) goOn(ctx?.target);
});

/**
 * What had the focus is gone. It goes to what was said of it, else to what stands in its place, else to the next row.
 * @param {Element | undefined} swapped
 */
function goOn(swapped) {
  const there = swapped?.id ? document.getElementById(swapped.id) : swapped?.isConnected ? swapped : null;
  const said = there?.querySelector(".message") ?? document.querySelector("#message > *");
  const goal = said ?? there ?? (next?.isConnected ? next : document.getElementById("main"));
  if (!(goal instanceof HTMLElement)) return;
  goal.tabIndex = -1;
  goal.focus({ preventScroll: true });
}

function tell() {
  const box = sum();
  if (!box) return;
  entitle(box);
  box.focus();
}

/** @param {HTMLElement} box */
function entitle({ dataset: { title } }) {
  if (title && !document.title.startsWith(title)) document.title = title + document.title;
}

/** @returns {HTMLElement | null} */
function sum() {
  return document.querySelector(".sum");
}

tell(); // phones of 2021 focus no box by themselves
