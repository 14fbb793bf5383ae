/** What the oldest browsers that are promised do not know yet, and pages or htmx rely on. */

if (!("submitter" in SubmitEvent.prototype)) {
  // Safari before 15.4: or a form with two buttons would not say which one was pressed
  /** @type {Element | null} */
  let clicked = null;
  const remember = (/** @type {Event} */ event) => (clicked = /** @type {Element} */ (event.target).closest("button"));
  addEventListener("click", remember, { capture: true });
  Object.defineProperty(SubmitEvent.prototype, "submitter", { get: () => clicked });
}

const TITLE = "title:not(svg title)";
if (!CSS.supports(`selector(${TITLE})`)) {
  // Chrome before 88: or htmx, which looks for it in every answer, would put none in place
  const { querySelector } = DocumentFragment.prototype;
  DocumentFragment.prototype.querySelector = function (/** @type {string} */ asked) {
    if (asked !== TITLE) return querySelector.call(this, asked);
    return [...this.querySelectorAll("title")].find((title) => !title.closest("svg")) ?? null;
  };
}
