/** What reads a QR code out of a picture, where the browser does not (`components/check-in.js`). Loaded on demand. */
export { default } from "qr/decode.js";
