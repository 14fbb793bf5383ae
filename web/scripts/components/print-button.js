/** `<print-button>`: shows its button only where pages can be printed. */
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = typeof window.print !== "function";
    this.querySelector("button")?.addEventListener("click", () => window.print());
  }
}

customElements.define("print-button", PrintButton);
