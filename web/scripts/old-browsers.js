/** What browsers of 2021 do not know yet and pages rely on. */

if (!("submitter" in SubmitEvent.prototype)) {
  // Safari before 15.4: or a form with two buttons would not say which one was pressed
  /** @type {Element | null} */
  let clicked = null;
  const remember = (/** @type {Event} */ event) => (clicked = /** @type {Element} */ (event.target).closest("button"));
  addEventListener("click", remember, { capture: true });
  Object.defineProperty(SubmitEvent.prototype, "submitter", { get: () => clicked });
}
