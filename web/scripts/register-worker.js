/** The worker makes pages open without a network; everything else works without it. */
import { leaveOnce } from "./leave.js";

const NEW_VERSION_PATIENCE_MS = 10_000;

if ("serviceWorker" in navigator) {
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/worker.js");
      const { active } = await navigator.serviceWorker.ready;
      const { lang, dataset } = document.documentElement;
      if (dataset.fromPhone !== undefined || dataset.copiedAt !== undefined) return; // the worker's own page
      const looks = `lang="${lang}" data-theme="${dataset.theme}" data-text="${dataset.text}"`;
      active?.postMessage({ looks, member: dataset.memberId ?? null });
    } catch {
      // private windows and some in-app browsers refuse; the open page still records and sends
    }
  });
}

/** Fetch the newest worker with its pages, and open this page again. The queue is not touched. */
export async function loadNewVersion() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration) {
    const arrived = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
      setTimeout(resolve, NEW_VERSION_PATIENCE_MS);
    });
    await registration.update().catch(() => {});
    if (registration.installing || registration.waiting) await arrived;
  }
  leaveOnce(() => location.reload());
}
