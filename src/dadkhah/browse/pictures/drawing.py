"""A neighbourhood drawn as SVG that reads without scripts, and written as GraphML.

In: a `Neighbourhood` and how to link to a record. Out: text. The SVG has a title and a description, every node is a
focusable link with its own title, every line says what it is and who says so, and the same content stands in the page's
list beside it; what nobody states is drawn in dashes. Markup is built by an XML library, so nothing in a name can
become markup. It must not fetch anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

from dadkhah.browse.models import Name, Ref, Voice
from dadkhah.browse.pictures.labels import LINE, TOP, Label, direction, label
from dadkhah.browse.pictures.layout import layout
from dadkhah.browse.pictures.told import according, foreign, speakers
from dadkhah.browse.relations.edges import Edge
from dadkhah.browse.relations.neighbourhoods import Neighbourhood, Node

_SVG = "http://www.w3.org/2000/svg"
GRAPHML_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
GRAPHML_KEYS = {
    "label": "node", "type": "node", "hops": "node", "property": "edge", "propertyLabel": "edge", "voices": "edge",
    "claimants": "edge",
}  # fmt: skip
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold (section 2.2); each becomes U+FFFD."""
    return _NOT_IN_XML.sub("\ufffd", text)


def svg(
    graph: Neighbourhood,
    language: str,
    href: Callable[[Ref], str],
    title: str,
    description: str,
    *,
    lean: bool = False,
    words: Mapping[str, str] | None = None,
) -> str:
    """Draw a neighbourhood.

    Args:
        graph: what to draw.
        language: of the labels.
        href: address of a record's page; an empty answer draws the node without a link.
        title: of the picture, read out first.
        description: what the picture shows, in a sentence.
        lean: leave out IRIs that follow from the links, for a picture within a page.
        words: what properties are called that have no name of their own, by their IRIs.
    """
    index = {node.ref.iri: number for number, node in enumerate(graph.nodes)}
    labels = [label(node.ref.label(language).text) for node in graph.nodes]
    joined = [(index[edge.subject], index[edge.object]) for edge in graph.edges]
    placed = layout([(each.width, each.depth) for each in labels], joined, [node.hops for node in graph.nodes])
    root = ET.Element(
        "svg",
        {"xmlns": _SVG, "viewBox": f"0 0 {placed.width} {placed.height}", "role": "group", "class": "graph",
         "direction": "ltr", "aria-labelledby": "graph-title graph-description"},
    )  # fmt: skip
    ET.SubElement(root, "title", {"id": "graph-title"}).text = xml_text(title)
    ET.SubElement(root, "desc", {"id": "graph-description"}).text = xml_text(description)
    lines = ET.SubElement(root, "g", {"class": "edges", "stroke": "currentColor", "stroke-opacity": "0.4"})
    for (first, second), edges in _by_ends(graph, index).items():
        line = _line(lines, placed.points[first], placed.points[second], _called(edges, language, words or {}))
        line.set("data-e", f"{first} {second}")
        if not lean:
            for name in foreign((voice for edge in edges for voice in edge.voices), language):
                ET.SubElement(line, "desc", spoken(name, language)).text = xml_text(name.text)
        if not any(edge.voices for edge in edges):
            line.set("class", "unsaid")
            line.set("stroke-dasharray", "4 4")
    nodes = ET.SubElement(root, "g", {"class": "nodes", "text-anchor": "middle", "font-size": "12"})
    for node, point, written in zip(graph.nodes, placed.points, labels, strict=True):
        element = _node(nodes, node, written, language, href(node.ref))
        element.set("transform", f"translate({point[0]} {point[1]})")
        if not (lean and node.ref.kind):
            element.set("data-iri", node.ref.iri)
    return ET.tostring(root, encoding="unicode")


def _by_ends(graph: Neighbourhood, index: dict[str, int]) -> dict[tuple[int, int], list[Edge]]:
    drawn: dict[tuple[int, int], list[Edge]] = {}
    for edge in graph.edges:
        first, second = sorted((index[edge.subject], index[edge.object]))
        drawn.setdefault((first, second), []).append(edge)
    return drawn


def _line(parent: ET.Element, start: tuple[int, int], end: tuple[int, int], title: str) -> ET.Element:
    ends = {"x1": str(start[0]), "y1": str(start[1]), "x2": str(end[0]), "y2": str(end[1])}
    line = ET.SubElement(parent, "line", ends)
    ET.SubElement(line, "title").text = xml_text(title)
    return line


def _called(edges: list[Edge], language: str, words: Mapping[str, str]) -> str:
    """What the properties of some edges are called, each once, with who states them."""
    voices: dict[str, list[Voice]] = {}
    for edge in edges:
        name = edge.property.label(language).text
        known = "" if edge.property.names else words.get(edge.property.iri, "")
        voices.setdefault(known or name, []).extend(edge.voices)
    return ("؛ " if language == "fa" else "; ").join(
        f"{name} ({according(held, language)})" for name, held in voices.items()
    )


def _node(parent: ET.Element, node: Node, written: Label, language: str, address: str) -> ET.Element:
    name = node.ref.label(language)
    attributes = {"class": f"node hop-{node.hops}"}
    if address:
        group = ET.SubElement(parent, "a", attributes | {"href": address})
    else:
        group = ET.SubElement(parent, "g", attributes)
    if written.short:
        ET.SubElement(group, "title", spoken(name, language)).text = xml_text(name.text)
    ET.SubElement(group, "circle", {"r": "9" if node.hops == 0 else "6"})
    text = ET.SubElement(group, "text", {"y": str(TOP), **spoken(name, language), **direction(name.text)})
    first, *rest = written.lines
    text.text = xml_text(first)
    for line in rest:
        # the space keeps the words apart where the text is read out or copied
        ET.SubElement(text, "tspan", {"x": "0", "dy": str(LINE)}).text = f" {xml_text(line)}"
    return group


def spoken(name: Name, language: str) -> dict[str, str]:
    """The attribute that says which language a name is in, where it is not that of the page."""
    return {"lang": name.language} if name.language and name.language != language else {}


def graphml(graph: Neighbourhood, language: str) -> str:
    """Write a neighbourhood as GraphML 1.0: a directed edge for each statement, with its property and its voices."""
    root = ET.Element("graphml", {"xmlns": GRAPHML_NAMESPACE})
    for key, target in GRAPHML_KEYS.items():
        kind = "int" if key == "hops" else "string"
        ET.SubElement(root, "key", {"id": key, "for": target, "attr.name": key, "attr.type": kind})
    body = ET.SubElement(root, "graph", {"edgedefault": "directed"})
    for node in graph.nodes:
        element = ET.SubElement(body, "node", {"id": xml_text(node.ref.iri)})
        _data(element, "label", node.ref.label(language).text)
        _data(element, "type", " ".join(node.ref.types))
        _data(element, "hops", str(node.hops))
    for number, edge in enumerate(graph.edges):
        element = ET.SubElement(
            body, "edge", {"id": f"e{number}", "source": xml_text(edge.subject), "target": xml_text(edge.object)}
        )
        _data(element, "property", edge.property.iri)
        _data(element, "propertyLabel", edge.property.label(language).text)
        _data(element, "voices", " ".join(voice.iri for voice in edge.voices))
        _data(element, "claimants", "; ".join(speakers(edge.voices, language)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _data(parent: ET.Element, key: str, text: str) -> None:
    ET.SubElement(parent, "data", {"key": key}).text = xml_text(text)
