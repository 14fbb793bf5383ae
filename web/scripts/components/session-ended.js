/**
 * `<session-ended>` stands on the page that says so: the phone forgets who was here and all there was to read. What has
 * not been sent stays.
 */
import { forgetMember } from "../offline/phone.js";

class SessionEnded extends HTMLElement {
  connectedCallback() {
    forgetMember().catch(() => {}); // no usable store, and so nothing in it
  }
}

customElements.define("session-ended", SessionEnded);
