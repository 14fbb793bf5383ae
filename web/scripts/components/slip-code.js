/**
 * `<slip-code>` around the field for the code of a slip: takes the code from behind the `#` of the scanned address,
 * which browsers send to no server, and then out of the address too, so that it stays in no history.
 */
class SlipCode extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const code = location.hash.slice(1);
    if (!field || !/^[0-9A-Za-z-]{12,20}$/.test(code)) return;
    field.value = code;
    history.replaceState(history.state, "", location.pathname);
  }
}

customElements.define("slip-code", SlipCode);
