// <dk-suggest>: offers records while a name is typed (WAI-ARIA combobox, with a list that the keyboard reaches).
// Around a search it leads to the record that is chosen; with data-fill it writes its name and identifier into the
// field, with data-many after the last comma. Without scripts the server understands names by itself.
const WAIT_MS = 120;
const LAST = /(^|.*[,،])\s*([^,،]*)$/s;
let lists = 0;

class Suggest extends HTMLElement {
  connectedCallback() {
    const input = this.input = this.querySelector("input");
    const list = this.list = document.createElement("ul");
    this.items = [];
    this.chosen = -1;
    list.id = `suggestions-${lists++}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || input.placeholder);
    this.append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
  }

  get typed() {
    return "many" in this.dataset ? LAST.exec(this.input.value)[2] : this.input.value;
  }

  stop() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  wait() {
    this.stop();
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    this.asked = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(this.typed)}`, { signal: this.asked.signal, headers: { accept: "application/json" } });
      this.items = answer.ok ? (await answer.json()).items : [];
    } catch { return; }
    // whoever has gone on to the next field is not held back
    if (document.activeElement === this.input) this.show();
  }

  show() {
    this.list.replaceChildren(...this.items.map((item, place) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dir = "auto";
      option.textContent = item.matched;
      // before the field loses its focus, and the list with it
      option.addEventListener("mousedown", (event) => { event.preventDefault(); this.take(item); });
      return option;
    }));
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.hidden = !this.items.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(chosen) {
    // a late answer would take away what was just chosen
    this.stop();
    this.chosen = chosen;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    this.input.setAttribute("aria-activedescendant", this.list.children[chosen].id);
    this.list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.chosen < 0 && step < 0 ? this.items.length - 1 : (this.chosen + step + this.items.length) % this.items.length);
    else if (event.key === "Enter" && this.chosen >= 0) this.take(this.items[this.chosen]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(item) {
    if (!("fill" in this.dataset)) {
      location.assign(`/${this.dataset.lang}/record?iri=${encodeURIComponent(item.iri)}`);
      return;
    }
    const name = item.label[this.dataset.lang] ?? item.matched;
    const text = item.id ? `${name} (${item.id})` : item.iri;
    const before = "many" in this.dataset ? LAST.exec(this.input.value)[1] : "";
    this.input.value = before ? `${before} ${text}` : text;
    this.close();
  }
}
customElements.define("dk-suggest", Suggest);
