/** What every page loads: htmx for parts of pages, and one custom element per behaviour. */
import "htmx.org";

import "./components/approve-queue.js";
import "./components/ask-first.js";
import "./components/print-button.js";
import "./messages.js";
import "./register-worker.js";
