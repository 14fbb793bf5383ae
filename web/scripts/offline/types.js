/**
 * What the phone keeps of a thing that happened. The fields up to `would_be_refused` are what is sent.
 * @typedef {object} Item
 * @property {string} id UUIDv7, made at the moment of the act
 * @property {string} kind such as `study.record`
 * @property {Record<string, unknown>} payload what happened
 * @property {string} occurred_at the phone's time with its offset from UTC
 * @property {number} seq counter of this phone
 * @property {string | null} depends_on id of an item that must come first
 * @property {boolean} made_offline
 * @property {string | null} would_be_refused code of a refusal the phone already knew
 * @property {string} member_id whose it is; never sent by anybody else
 * @property {string} label one line for the list
 * @property {string} note a few more words for the list
 * @property {boolean} stands whether it cannot be withdrawn once it has arrived: a later word takes its place
 * @property {"waiting" | "needs_you"} state
 * @property {boolean} tried whether it was ever put on the wire: the server may know it although no answer came
 * @property {{verdict: string, code: string | null, message: string | null} | null} verdict why it needs you
 */
/**
 * What an act brings along when it is put down; the store adds the rest.
 * @typedef {Pick<Item, "id" | "kind" | "payload" | "occurred_at" | "member_id" | "label"> & Partial<Item>} Act
 */
/**
 * A thing the server has named: kept for the list of what was sent.
 * @typedef {object} Sent
 * @property {string} id
 * @property {string} member_id
 * @property {string} kind
 * @property {string} label
 * @property {string} note
 * @property {boolean} stands whether a later word takes its place, and no withdrawal
 * @property {string} occurred_at
 * @property {string} verdict what the server said of it, or what became of it since: `approved`, `returned`,
 *   `withdrawn`, or `decided` when only a withdrawal that came too late has told
 * @property {string | null} message
 * @property {string} sent_at
 */
/**
 * A thing of one's own that is open.
 * @typedef {{id: string, title: string, about: string, due_on: string, last: string | null}} Row
 */
/**
 * What a form can say: the choices of its fields by their names, and how long its texts may be.
 * @typedef {{limits: Record<string, number>} & Record<string, [string, string][]>} Choices
 */
/**
 * What one person can speak of without a network: a list for each part of the capture page that wants one.
 * @typedef {{member_id: string, taken_at: string, is_member: boolean} & Record<string, unknown>} Lists
 *   `member_id` says whose they are, `taken_at` when this phone took them along (ISO moment, by its own clock), `is_member`
 *   whether there is a branch to speak in; who only works for a community has none
 */
/**
 * @typedef {object} Verdict
 * @property {string} id
 * @property {string} verdict
 * @property {string | null} [code]
 * @property {string | null} [message]
 * @property {number | null} [retry_after] seconds
 */
/**
 * What came of a round of sending.
 * `done` all sent · `put_off` the server wants some items later · `later` it wants everything later, after
 * `retryAfter` seconds · `offline` no answer of ours · `sign_in` · `ended` the session was ended from elsewhere ·
 * `wrong_person` · `too_old` a newer page is needed · `stuck` the server cannot read what is sent.
 * @typedef {{state: "done" | "put_off" | "later" | "offline" | "sign_in" | "ended" | "wrong_person" | "too_old" | "stuck",
 *            sent: number, retryAfter: number | null}} Round
 */
export {};
