/** The worker makes pages open without a network; everything else works without it. */
if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/worker.js").catch(() => {
      // private windows and some in-app browsers refuse; the open page still records and sends
    });
  });
}
