/** How a pledge or a duty goes, as an act of the queue. Knows no page. */

/** @typedef {import("./types.js").Item} Item */

/**
 * What an element says of its kind (`data-kind`, `data-field` of the payload that names what is spoken of, `data-waits`: the
 * states that wait for an officer, `data-called`), and what was tapped.
 * @typedef {object} Said
 * @property {string} [kind]
 * @property {string} [field]
 * @property {string} [waits]
 * @property {string} [called] word for the kind of record
 * @property {string} [subject] id of what is spoken of
 * @property {string} [title] what that is called in lists
 * @property {string} state
 * @property {string} words for the state
 * @property {string} [sentence] may be empty
 * @property {string} [quarter] of which it is said, where that is not the running one
 */

/** @param {Said} said */
export function progressAct({ kind = "", field = "", waits = "", called, subject, title = "", state, words, sentence, quarter }) {
  return {
    kind,
    payload: { [field]: subject, state, note: sentence || null, ...(quarter && { quarter: Number(quarter) }) },
    label: title,
    note: [called, words, sentence].filter(Boolean).join(" · "),
    stands: !waits.split(" ").includes(state), // of others a later word takes the place
  };
}

/**
 * The last of `items` about `subject`.
 * @param {Item[]} items oldest first
 * @param {string} field of the payload, which names what is spoken of
 * @param {string} subject
 */
export function lastAbout(items, field, subject) {
  return items.filter(({ payload }) => payload[field] === subject).pop();
}
