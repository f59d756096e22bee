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
// as pictures/labels.py writes names: two lines, then dots
const LINE = 24, [TOP, NEXT] = [21, 14];
const lines = (text) => {
  const found = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (longer.length <= LINE || !found.at(-1)) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found.length < 3 ? found : [found[0], `${found[1]}…`];
};
// the first letter of a strong direction is Hebrew, Arabic or of a script beside them
const runs = (text) => (/^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufefc]/u.test(text) ? "rtl" : "ltr");
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
      const { e: x, f: y } = element.transform.baseVal[0].matrix;
      this.keep({ iri: order[place], element, x, y });
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
    // on a narrow screen the middle of the picture is seen first
    this.scrollLeft = (getComputedStyle(this).direction === "rtl" ? -1 : 1) * (this.scrollWidth - this.clientWidth) / 2;
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
    for (const { element, x, y } of this.nodes.values()) element.setAttribute("transform", `translate(${x} ${y})`);
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
      const text = make("text", { y: TOP, direction: runs(String(label)) });
      for (const [row, line] of lines(String(label)).entries()) text.append(make("tspan", { x: 0, dy: row && NEXT }, line));
      element.append(make("title", {}, String(label)), make("circle", { r: 6 }), text);
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
    const nodes = [...this.nodes.values()];
    forceSimulation(nodes)
      .force("charge", forceManyBody().strength(-260))
      .force("apart", forceCollide(36))
      .force("x", forceX(width / 2).strength(0.03))
      .force("y", forceY(height / 2).strength(0.14))
      .force("links", forceLink(links).id((node) => node.iri).distance(90))
      .stop()
      .tick(TICKS);
    this.free(nodes, width);
    const low = Math.min(...nodes.map((node) => node.y)) - 20;
    for (const node of nodes) node.y = Math.round(node.y - low);
    const high = Math.max(...nodes.map((node) => node.y + node.depth)) + 8;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${Math.ceil(high)}`);
    this.place();
  }

  // each node takes the free place nearest to its own, so that no name stands on another, as pictures/layout.py does
  free(nodes, width) {
    const held = [];
    const far = (node) => Math.hypot(node.x - width / 2, node.y - this.svg.viewBox.baseVal.height / 2);
    for (const node of nodes.toSorted((one, other) => far(one) - far(other))) {
      const text = node.element.querySelector("text").getBBox();
      node.half = text.width / 2 + 4;
      node.depth = text.y + text.height + 2;
      const { x, y } = node;
      for (let step = 0; step < 16000; step += 1) {
        node.x = Math.round(Math.min(width - node.half, Math.max(node.half, x + 5 * Math.sqrt(step) * Math.cos(step * 2.4))));
        node.y = Math.round(y + 3.2 * Math.sqrt(step) * Math.sin(step * 2.4));
        const meets = (other) => Math.abs(node.x - other.x) < node.half + other.half && node.y - 14 < other.y + other.depth && other.y - 14 < node.y + node.depth;
        if (!held.some(meets)) break;
      }
      held.push(node);
    }
  }
}
customElements.define("dk-graph", Graph);
