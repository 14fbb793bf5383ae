/** Ids and times of acts, made on the phone at the moment of the act. */

/**
 * A UUIDv7: unique across people and phones, and later ones sort later.
 * @param {number} [milliseconds] since 1970
 */
export function newId(milliseconds = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 5, rest = Math.max(0, Math.floor(milliseconds)); index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * The phone's time with its offset from UTC, as text: `2026-11-22T08:12:30.123+08:00`.
 * @param {Date} [moment]
 */
export function withOffset(moment = new Date()) {
  const minutes = -moment.getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const local = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  return `${local}${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
