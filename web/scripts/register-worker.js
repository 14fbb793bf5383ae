/** The worker makes pages open without a network; everything else works without it. */
import { outbox } from "./offline/phone.js";

if ("serviceWorker" in navigator) {
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/worker.js");
      const { active } = await navigator.serviceWorker.ready;
      if (await looksChanged()) active?.postMessage("refresh-shell");
    } catch {
      // private windows and some in-app browsers refuse; the open page still records and sends
    }
  });
}

/** Language, theme and text size are part of the shell's pages: after a new choice they are fetched again. */
async function looksChanged() {
  const { lang, dataset } = document.documentElement;
  const now = [lang, dataset.theme, dataset.text].join(" ");
  const shell = await outbox.recall("looks");
  if (location.pathname === "/study/new" || location.pathname === "/outbox") return false; // may be the old shell itself
  await outbox.remember("looks", now);
  return shell !== undefined && shell !== now;
}
