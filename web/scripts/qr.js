/** What draws a QR code, for the page that shows one (`components/venue-code.js`). */
export { default } from "qr";
