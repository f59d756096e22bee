// <dk-suggest>: offers records while a name is typed (WAI-ARIA combobox); without it the form searches as it is.
const WAIT_MS = 120;
class Suggest extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const list = document.createElement("ul");
    list.id = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.placeholder);
    this.append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) input.setAttribute(name, value);
    let items = [], chosen = -1, timer, asked;
    const close = () => { list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const page = (item) => `/${this.dataset.lang}/record?iri=${encodeURIComponent(item.iri)}`;
    const mark = () => {
      [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
      if (chosen >= 0) input.setAttribute("aria-activedescendant", list.children[chosen].id);
    };
    const show = () => {
      list.replaceChildren(...items.map((item, place) => {
        const option = document.createElement("li");
        option.id = `suggestion-${place}`;
        option.setAttribute("role", "option");
        option.dir = "auto";
        option.textContent = item.matched;
        option.addEventListener("mousedown", () => location.assign(page(item)));
        return option;
      }));
      chosen = -1;
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        asked?.abort();
        asked = new AbortController();
        try {
          const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(input.value)}`, { signal: asked.signal, headers: { accept: "application/json" } });
          items = answer.ok ? (await answer.json()).items : [];
        } catch { return; }
        show();
      }, WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { chosen = (chosen + step + items.length) % items.length; mark(); event.preventDefault(); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.assign(page(items[chosen])); }
      else if (event.key === "Escape") close();
    });
    input.addEventListener("blur", close);
  }
}
customElements.define("dk-suggest", Suggest);
