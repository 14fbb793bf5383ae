/** What every page loads: htmx for parts of pages, one custom element per behaviour, and the phone's queue. */
import "./old-browsers.js";
import "htmx.org";

import "./components/app-badge.js";
import "./components/approve-queue.js";
import "./components/ask-first.js";
import "./components/attendance-list.js";
import "./components/capture-form.js";
import "./components/capture-kinds.js";
import "./components/check-in.js";
import "./components/copy-text.js";
import "./components/count-signs.js";
import "./components/crop-photo.js";
import "./components/find-people.js";
import "./components/for-whom.js";
import "./components/install-hint.js";
import "./components/keep-page.js";
import "./components/network-state.js";
import "./components/outbox-count.js";
import "./components/outbox-list.js";
import "./components/outbox-state.js";
import "./components/passkey-form.js";
import "./components/print-button.js";
import "./components/progress-list.js";
import "./components/push-switch.js";
import "./components/queued-form.js";
import "./components/record-standing.js";
import "./components/session-ended.js";
import "./components/share-this.js";
import "./components/show-password.js";
import "./components/sign-out.js";
import "./components/slip-code.js";
import "./components/venue-code.js";
import "./faults.js";
import "./messages.js";
import "./register-worker.js";
import "./waiting.js";
import { begin } from "./offline/phone.js";

begin().catch(() => {
  // no usable store on this phone: pages work, and a form that records says so when it is used
});
