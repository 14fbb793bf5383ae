/**
 * A page is led away from by script once. Whatever asks again while the browser is still on its way (another notice of
 * the queue, a session that is over by now) would break off the first request and ask the server a second time. What a
 * person sends is not held up by it: forms go their own way.
 */

/** After so long on the same page the browser was stopped on its way. */
const STOPPED_MS = 60_000;
let leftAt = -Infinity;

addEventListener("pageshow", () => {
  leftAt = -Infinity; // somebody came back to it
});

/**
 * Leave this page by `go`, unless it is being left already.
 * @param {() => void} go what leads to another document, or to this one anew
 */
export function leaveOnce(go) {
  const now = performance.now();
  if (now - leftAt < STOPPED_MS) return;
  leftAt = now;
  go();
}
