/** What somebody has typed before they go and sign in: it waits in this tab until its form is there again. */

/**
 * Keep what stands in `form` when a link to the sign-in page is followed, and fill in what was kept before.
 * @param {HTMLFormElement} form
 * @param {string} name of the form, on whatever page it stands
 */
export function keepWhatIsTyped(form, name) {
  const key = `sanliang:typed:${name}`;
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href^='/sign-in']");
    if (link && form.isConnected) sessionStorage.setItem(key, JSON.stringify([...new FormData(form)]));
  });
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  for (const [field, value] of JSON.parse(kept ?? "[]")) {
    const element = form.elements.namedItem(field);
    if (element) /** @type {HTMLInputElement} */ (/** @type {unknown} */ (element)).value = value;
  }
}
