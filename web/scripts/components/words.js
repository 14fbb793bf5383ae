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
