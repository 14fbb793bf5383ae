/** What the page of questions loads instead of all of it: the questions one by one, and the phone's queue. */
import "./old-browsers.js";

import "./components/network-state.js";
import "./components/outbox-count.js";
import "./components/quiz-sheet.js";
import "./messages.js";
import "./register-worker.js";
import { begin } from "./offline/phone.js";

begin().catch(() => {
  // no usable store on this phone: the form is sent as any other
});
