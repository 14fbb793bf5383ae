/** `<count-signs>` around a field with a hint: the first number of the hint says how many characters are written. */
class CountSigns extends HTMLElement {
  connectedCallback() {
    const hint = this.querySelector(".hint");
    this.addEventListener("input", (event) => {
      const { value } = /** @type {HTMLTextAreaElement} */ (event.target);
      if (hint?.textContent) hint.textContent = hint.textContent.replace(/\d+/, String([...value].length));
    });
  }
}

customElements.define("count-signs", CountSigns);
