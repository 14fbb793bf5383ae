/**
 * `<find-people>` around a long list: what is typed into its search hides the other rows (`data-find`: a name, then its
 * pinyin in syllables with tones) and unfolds the groups of those found. Names, pinyin and first letters find; what is
 * hidden is sent all the same. Once something was chosen for somebody who was looked for, the next one can be typed.
 */
class FindPeople extends HTMLElement {
  connectedCallback() {
    const search = this.querySelector("[data-search]");
    const input = search?.querySelector("input");
    if (!search || !input) return;
    search.removeAttribute("hidden");
    input.addEventListener("input", () => this.#show(plain(input.value)));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would save the list
    });
    this.addEventListener("change", (event) => {
      if (event.target === input || !input.value) return;
      input.value = "";
      this.#show("");
      input.focus();
    });
  }

  /** @param {string} typed */
  #show(typed) {
    for (const row of this.querySelectorAll("[data-find]")) {
      const [name, ...syllables] = (row.getAttribute("data-find") ?? "").split(" ");
      const found = [name, syllables.join(""), syllables.map((one) => one[0]).join("")];
      row.toggleAttribute("hidden", !found.some((words) => plain(words).includes(typed)));
    }
    for (const group of this.querySelectorAll("details")) {
      const has = Boolean(typed && group.querySelector("[data-find]:not([hidden])"));
      group.open = has;
      group.toggleAttribute("hidden", Boolean(typed) && !has);
    }
  }
}

/** @param {string} words */
const plain = (words) => words.normalize("NFKC").toLowerCase().replace(/[\s\d]/g, "");

customElements.define("find-people", FindPeople);
