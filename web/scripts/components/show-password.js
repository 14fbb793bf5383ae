/** `<show-password>` around a tick box: shows the password fields of the form around it as they are typed. */
class ShowPassword extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("input");
    const fields = [...(this.closest("form")?.querySelectorAll("input[type=password]") ?? [])];
    box?.addEventListener("change", () => {
      for (const field of fields) field.setAttribute("type", box.checked ? "text" : "password");
    });
    this.hidden = fields.length === 0;
  }
}

customElements.define("show-password", ShowPassword);
