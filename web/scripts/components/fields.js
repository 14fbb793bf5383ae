/** What was filled in, as what is sent: without a page, so that it can be tried anywhere. */
import { withOffset } from "../offline/ids.js";

/**
 * @param {FormData} fields
 * @param {string} wanted such as `title minutes:number takeaway?`: a `?` makes what is left empty null
 */
export function payloadOf(fields, wanted) {
  /** @type {Record<string, unknown>} */
  const payload = {};
  for (const word of wanted.split(" ").filter(Boolean)) {
    const [, name, optional, number] = /** @type {RegExpExecArray} */ (/^(\w+)(\?)?(:number)?$/.exec(word));
    const text = String(fields.get(name) ?? "").trim();
    payload[name] = !text && optional ? null : number ? Number(text) : text;
  }
  return payload;
}

/**
 * When it happened: now, unless another day was chosen (a later one by a phone that is slow). Of that day nobody knows the hour, so it is noon; a record
 * that is recorded anew keeps its moment as long as its day stays.
 * @param {string} day ISO, or empty when none was chosen
 * @param {string} [known] the moment it had before
 * @param {Date} [now]
 */
export function momentOf(day, known, now = new Date()) {
  if (known && (!day || known.slice(0, 10) === day)) return known;
  return day && day !== today(now) ? withOffset(new Date(`${day}T12:00:00`)) : withOffset(now);
}

/**
 * The phone's day.
 * @param {Date} [now]
 */
export function today(now = new Date()) {
  return withOffset(now).slice(0, 10);
}

/**
 * The first day that can still be added; the server says the same (`app/features/sync/times.py`).
 * @param {Date} [now]
 */
export function earliest(now = new Date()) {
  return today(new Date(now.getTime() - OLDEST_DAYS * 24 * 3600 * 1000));
}

const OLDEST_DAYS = 366;

/** The second tap of a finger that taps twice: the same content again, at once. */
export class TapTwice {
  #content = "";
  #at = -Infinity;
  #clock;

  /** @param {() => number} [clock] milliseconds that only grow */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  /** @param {unknown} content */
  is(content) {
    const text = JSON.stringify(content);
    const same = text === this.#content && this.#clock() - this.#at < TAP_TWICE_MS;
    this.#content = text;
    this.#at = this.#clock();
    return same;
  }
}

const TAP_TWICE_MS = 2000;
