"""Pieces of Turtle as text, for whoever writes it line by line: prefixes and literals.

In: texts as they are. Out: Turtle in one line each, escaped (Turtle 1.1, section 6.4). Nothing is judged.
"""

from __future__ import annotations

from dadkhah.iris import Iris
from dadkhah.vocab import RDFS, SKOS, XSD

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def literal(text: str, language: str = "") -> str:
    """A text as a literal in one line."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{language}" if language else "")


def prologue(iris: Iris) -> list[str]:
    """The lines that declare the prefixes of a draft, and an empty one."""
    namespaces = {"dct": "http://purl.org/dc/terms/", "dk": iris.ontology, "rdfs": RDFS, "skos": SKOS, "xsd": XSD}
    return [*(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in namespaces.items()), ""]
