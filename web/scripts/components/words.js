/**
 * Put `value` into the words below `root` that wait for one: `data-words="Waiting here: #"` becomes its text.
 * @param {Element} root
 * @param {string | number} value
 */
export function fillWords(root, value) {
  for (const element of root.querySelectorAll("[data-words]")) {
    element.textContent = (element.getAttribute("data-words") ?? "").replace("#", String(value));
  }
}

/**
 * Words by name, as a template writes them into a `data-` attribute.
 * @param {string | undefined} json
 * @returns {Record<string, string>}
 */
export function wordsIn(json) {
  return JSON.parse(json ?? "{}");
}
