/** Moments as the reader writes them. */

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * `今天 08:12`, `昨天 15:02`, `11月3日 15:02`; with the year when it is another one.
 * @param {string} iso
 * @param {string} [lang]
 * @param {Date} [now]
 */
export function inWords(iso, lang = document.documentElement.lang, now = new Date()) {
  const moment = new Date(iso);
  const time = moment.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${dayInWords(moment, lang, now)} ${time}`;
}

/**
 * @param {Date} moment
 * @param {string} lang
 * @param {Date} now
 */
function dayInWords(moment, lang, now) {
  const ago = Math.round((midnight(moment) - midnight(now)) / DAY_MS);
  if (ago === 0 || ago === -1) return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(ago, "day");
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return moment.toLocaleDateString(lang, { year, month: "long", day: "numeric" });
}

/** @param {Date} moment */
function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
