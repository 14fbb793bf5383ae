/** How a pledge or a duty goes, as an act of the queue. Knows no page. */

/** @typedef {import("./types.js").Item} Item */

/** The field that names what is spoken of. @type {Record<string, string>} */
const SUBJECTS = { "pledge.progress": "pledge_id", "duty.progress": "duty_id" };

/**
 * @param {object} said
 * @param {string} said.kind
 * @param {string} said.subject id of the pledge or duty
 * @param {string} said.title what it is called in lists
 * @param {string} said.state
 * @param {string} said.words for the state
 * @param {string} [said.called] word for the kind of record
 * @param {string} [said.sentence] may be empty
 */
export function progressAct({ kind, subject, title, state, words, called = "", sentence = "" }) {
  return {
    kind,
    payload: { [SUBJECTS[kind]]: subject, state, note: sentence || null },
    label: title,
    note: [called, words, sentence].filter(Boolean).join(" · "),
    stands: kind !== "duty.progress" || state !== "done", // only a reported end waits for an officer
  };
}

/**
 * The last of `items` about `subject`.
 * @param {Item[]} items oldest first
 * @param {string} subject
 */
export function lastAbout(items, subject) {
  return items.filter(({ kind, payload }) => SUBJECTS[kind] && payload[SUBJECTS[kind]] === subject).pop();
}
