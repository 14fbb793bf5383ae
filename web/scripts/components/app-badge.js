/**
 * `<app-badge data-count>` on the page of today: the same number on the app's icon, where the phone shows one, and on the
 * tab that leads there. Other pages repeat it until something is done, or the day is over: then only today knows.
 */
const KEY = "sanliang-due";
const { memberId, fromPhone, copiedAt } = document.documentElement.dataset;
const stamp = `${memberId} ${new Date().toDateString()}`;

class AppBadge extends HTMLElement {
  connectedCallback() {
    const count = Number(this.dataset.count);
    /** @type {any} */ (navigator).setAppBadge?.(count).catch(() => {});
    if (copiedAt === undefined) keep(count);
    draw(count);
  }
}

/** @param {number} count */
function draw(count) {
  const tab = document.querySelector(".tabs a[href='/']");
  tab?.querySelector(".waits")?.remove();
  if (!tab || !count) return;
  const mark = document.createElement("span");
  mark.className = "waits";
  mark.textContent = `${count}`;
  tab.append(mark);
}

/** @param {number} count */
function keep(count) {
  try {
    sessionStorage.setItem(KEY, `${stamp} ${count}`);
  } catch {
    // a private window: the number stands on the page of today alone
  }
}

function kept() {
  try {
    const said = sessionStorage.getItem(KEY) ?? "";
    return said.startsWith(`${stamp} `) ? Number(said.slice(stamp.length)) : 0;
  } catch {
    return 0;
  }
}

if (memberId) {
  draw(kept());
  addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== "post") return; // who only looks for something has done nothing
    keep(0);
    draw(0);
  });
}
customElements.define("app-badge", AppBadge);

if (memberId === undefined && fromPhone === undefined && copiedAt === undefined) {
  /** @type {any} */ (navigator).clearAppBadge?.().catch(() => {}); // nobody is signed in here: nothing waits for anybody
}
