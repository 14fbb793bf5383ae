/**
 * On how many days this browser came, as far as the install hint has to know. Pure.
 *
 * @typedef {{ days: number, last: string, dismissed: boolean }} Visits
 */

const ENOUGH = 2; // days: who came back may want it at hand; nobody is asked on the first

/**
 * What is remembered, after another visit.
 *
 * @param {Visits | null} before
 * @param {string} today ISO day
 * @returns {Visits}
 */
export function visited(before, today) {
  const { days, last, dismissed } = before ?? { days: 0, last: "", dismissed: false };
  return { days: last === today ? days : Math.min(days + 1, ENOUGH), last: today, dismissed };
}

/**
 * Whether the hint may be shown.
 *
 * @param {Visits} visits
 */
export function mayHint(visits) {
  return !visits.dismissed && visits.days >= ENOUGH;
}
