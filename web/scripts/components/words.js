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

/**
 * What became of a record: in words for its kind where it has its own (for one that has arrived by its name, else by
 * name and verdict), `stands` for one that waits for nobody.
 * @param {{kind: string, verdict: string, stands?: boolean}} entry
 * @param {Record<string, string>} words
 */
export function wordsForVerdict({ kind, verdict, stands }, words) {
  const arrived = verdict === "accepted" || verdict === "duplicate";
  return (arrived && (words[kind] ?? (stands && words.stands))) || (words[`${kind} ${verdict}`] ?? words[verdict] ?? "");
}

/**
 * Put `text` into everything below `within` that `selector` finds.
 * @param {Element} within
 * @param {string} selector
 * @param {string} text
 */
export function put(within, selector, text) {
  for (const element of within.querySelectorAll(selector)) element.textContent = text;
}
