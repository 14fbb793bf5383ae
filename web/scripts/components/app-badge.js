/** `<app-badge data-count>` on the page of today: the same number on the app's icon, where the phone shows one. */
class AppBadge extends HTMLElement {
  connectedCallback() {
    /** @type {any} */ (navigator).setAppBadge?.(Number(this.dataset.count)).catch(() => {});
  }
}

customElements.define("app-badge", AppBadge);

const { memberId, fromPhone, copiedAt } = document.documentElement.dataset;
if (memberId === undefined && fromPhone === undefined && copiedAt === undefined) {
  /** @type {any} */ (navigator).clearAppBadge?.().catch(() => {}); // nobody is signed in here: nothing waits for anybody
}
