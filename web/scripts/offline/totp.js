/** The code of a minute (RFC 6238 with HMAC-SHA-1, six digits, steps of 60 s from 1970), as the server computes it. */

export const STEP_MS = 60_000;
const DIGITS = 6;

/**
 * @param {string} hex secret
 * @param {number} moment milliseconds since 1970
 * @returns {Promise<string>} six digits; rejects where the browser has no WebCrypto, as without TLS
 */
export async function codeAt(hex, moment) {
  const secret = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  const step = Math.floor(moment / STEP_MS);
  counter.setUint32(0, Math.floor(step / 2 ** 32));
  counter.setUint32(4, step % 2 ** 32);
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 15;
  const number = mac.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
