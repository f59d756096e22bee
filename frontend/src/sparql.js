// <dk-sparql>: a text field that becomes an editor when it is first entered; until then, and without scripts, it is a
// text field. The editor is ten times the rest of the page, and most readers only run what is there.
class Sparql extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("textarea");
    const label = document.querySelector('label[for="query"]').textContent;
    field.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit(); });
    field.addEventListener("focus", async () => {
      const { upgrade } = await import("./editor.js");
      if (!field.hidden) upgrade(this, field, label);
    }, { once: true });
  }
}
customElements.define("dk-sparql", Sparql);
