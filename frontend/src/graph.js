// <dk-graph>: the drawing of the server becomes movable; "e" or "+" on a node adds what is linked to it. The links stay
// links, in the same order of tabs. Without it the drawing and the list beside it say the same.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { drag } from "d3-drag";
import { select } from "d3-selection";

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 220;
const WORDS = {
  en: { help: "Press e on a record to add what is linked to it.", added: (n) => `${n} records added`, told: (names) => `according to ${names}`, comma: ", " },
  fa: { help: "روی هر رکورد کلید e را بزنید تا پیوندهایش افزوده شود.", added: (n) => `${n.toLocaleString("fa")} رکورد افزوده شد`, told: (names) => `به گفتهٔ ${names}`, comma: "، " },
};
const make = (name, attributes, text) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
};

class Graph extends HTMLElement {
  connectedCallback() {
    this.svg = this.querySelector("svg");
    if (!this.svg) return;
    this.words = WORDS[this.dataset.lang] ?? WORDS.en;
    this.nodes = new Map();
    this.edges = new Map();
    const order = [...this.svg.querySelectorAll(".node")].map((element) => element.dataset.iri ?? this.iriOf(element.getAttribute("href")));
    for (const [place, element] of [...this.svg.querySelectorAll(".node")].entries()) {
      const circle = element.querySelector("circle");
      this.keep({ iri: order[place], element, x: +circle.getAttribute("cx"), y: +circle.getAttribute("cy") });
    }
    for (const line of this.svg.querySelectorAll("line")) {
      const [source, target] = line.dataset.e.split(" ").map((place) => order[+place]);
      this.edges.set([source, target].sort().join(" "), { element: line, source, target });
    }
    const help = document.createElement("p");
    help.className = "soft";
    help.textContent = this.words.help;
    this.status = document.createElement("p");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    this.append(help, this.status);
  }

  // a page names its own records by their addresses only: /en/kind/slug
  iriOf(address) {
    return this.dataset.base + address.split("/").slice(2).map(decodeURIComponent).join("/");
  }

  keep(node) {
    this.nodes.set(node.iri, node);
    node.element.addEventListener("keydown", (event) => {
      if (event.key === "e" || event.key === "+") { event.preventDefault(); this.expand(node); }
    });
    select(node.element).call(drag().container(this.svg).on("drag", (event) => {
      node.x = event.x;
      node.y = event.y;
      this.place();
    }));
  }

  place() {
    for (const node of this.nodes.values()) {
      const [circle, text] = [node.element.querySelector("circle"), node.element.querySelector("text")];
      circle.setAttribute("cx", node.x);
      circle.setAttribute("cy", node.y);
      text.setAttribute("x", node.x);
      text.setAttribute("y", node.y + 20);
    }
    for (const edge of this.edges.values()) {
      const [from, to] = [this.nodes.get(edge.source), this.nodes.get(edge.target)];
      for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y })) edge.element.setAttribute(name, value);
    }
  }

  async expand(node) {
    const answer = await fetch(`/api/v1/graph?hops=1&nodes=40&seed=${encodeURIComponent(node.iri)}`, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    let added = 0;
    for (const each of found.nodes) {
      if (this.nodes.has(each.iri)) continue;
      added += 1;
      const names = each.label ?? {};
      const label = names[this.dataset.lang] ?? names.en ?? Object.values(names)[0] ?? each.iri;
      const element = make("a", { class: "node hop-1", "data-iri": each.iri, href: `/${this.dataset.lang}/record?iri=${encodeURIComponent(each.iri)}` });
      element.append(make("title", {}, String(label)), make("circle", { r: 6 }), make("text", {}, String(label).slice(0, 28)));
      this.svg.querySelector(".nodes").append(element);
      this.keep({ iri: each.iri, element, x: node.x + 30 * Math.cos(added), y: node.y + 30 * Math.sin(added) });
    }
    for (const each of found.edges) {
      const key = [each.subject, each.object].sort().join(" ");
      if (this.edges.has(key)) continue;
      const line = make("line", {});
      line.append(make("title", {}, this.told(each)));
      this.svg.querySelector(".edges").append(line);
      this.edges.set(key, { element: line, source: each.subject, target: each.object });
    }
    this.settle();
    this.status.textContent = this.words.added(added);
  }

  // what an edge says and who says so, as the server writes it into the lines that it draws
  told(edge) {
    const named = (thing) => thing.label?.[this.dataset.lang] ?? thing.label?.en ?? Object.values(thing.label ?? {})[0] ?? thing.iri;
    const voices = [...new Set(edge.voices.map((voice) => (voice.claimant ? named(voice.claimant) : voice.role)))];
    return `${named(edge.property)} (${this.words.told(voices.join(this.words.comma))})`;
  }

  settle() {
    const { width, height } = this.svg.viewBox.baseVal;
    const links = [...this.edges.values()].map(({ source, target }) => ({ source, target }));
    forceSimulation([...this.nodes.values()])
      .force("charge", forceManyBody().strength(-260))
      .force("apart", forceCollide(30))
      .force("x", forceX(width / 2).strength(0.06))
      .force("y", forceY(height / 2).strength(0.09))
      .force("links", forceLink(links).id((node) => node.iri).distance(80))
      .stop()
      .tick(TICKS);
    for (const node of this.nodes.values()) {
      node.x = Math.min(width - 40, Math.max(40, node.x));
      node.y = Math.min(height - 30, Math.max(20, node.y));
    }
    this.place();
  }
}
customElements.define("dk-graph", Graph);
