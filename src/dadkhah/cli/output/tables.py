"""SPARQL results as a table for a terminal."""

from __future__ import annotations

import unicodedata
from typing import Any

from dadkhah.iris import DEFAULT_BASE
from dadkhah.vocab import DK, RDF, RDFS, SKOS, XSD

_WIDEST = 60
_PREFIXES = {
    DK: "dk:",
    f"{DEFAULT_BASE}id/": "id:",
    f"{DEFAULT_BASE}voice/": "voice:",
    f"{DEFAULT_BASE}graph/": "graph:",
    RDF: "rdf:",
    RDFS: "rdfs:",
    SKOS: "skos:",
    XSD: "xsd:",
}


def table_of(answer: dict[str, Any]) -> str:
    """A result in SPARQL JSON as columns; control and direction characters are written as escapes."""
    if "boolean" in answer:
        return "yes" if answer["boolean"] else "no"
    names: list[str] = answer["head"]["vars"]
    rows = [[_cell(binding.get(name)) for name in names] for binding in answer["results"]["bindings"]]
    widths = [max([_width(name), *(_width(row[column]) for row in rows)]) for column, name in enumerate(names)]
    ruled = [names, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in ruled
    )


def _cell(term: dict[str, Any] | None) -> str:
    if term is None:
        return ""
    text = str(term["value"])
    if term["type"] == "uri":
        text = next(
            (short + text[len(long) :] for long, short in _PREFIXES.items() if text.startswith(long)), f"<{text}>"
        )
    elif term["type"] == "bnode":
        text = f"_:{text}"
    clean = "".join(
        character if character.isprintable() or character == "\u200c" else f"\\u{ord(character):04x}"
        for character in text
    )
    return clean if len(clean) <= _WIDEST else f"{clean[: _WIDEST - 1]}…"


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 or character == "\u200c" for character in text)
