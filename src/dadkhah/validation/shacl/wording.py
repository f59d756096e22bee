"""What a result says where its shape has no message of its own.

In: a result and the shapes graph that it came from. Out: one sentence for people. Must not judge.
"""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from dadkhah.validation.shacl.results import Result
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import RDF_LANG_STRING, Term
from dadkhah.vocab import SH, XSD

_SUFFIX = "ConstraintComponent"
_WITHOUT_PARAMETER = {
    "and": "a shape of its sh:and does not hold",
    "or": "no shape of its sh:or holds",
    "xone": "not exactly one shape of its sh:xone holds",
    "not": "the shape of its sh:not holds",
    "node": "it does not conform to the shape of sh:node",
    "sPARQL": "its SPARQL constraint does not hold",
    "closed": "the property is not among those that sh:closed allows",
    "uniqueLang": "two values have the same language",
    "in": "it is not in the list of sh:in",
    "languageIn": "its language is not in the list of sh:languageIn",
    "qualifiedMinCount": "too few values conform to sh:qualifiedValueShape",
    "qualifiedMaxCount": "too many values conform to sh:qualifiedValueShape",
}


def message_of(result: Result, graph: ShapesGraph, shorten: Callable[[str], str] = str) -> str:
    """The messages of the shape, else what constraint does not hold; `shorten` is given IRIs in angle brackets."""
    if result.messages:
        return " ".join(message.value for message in result.messages)
    name = result.component.value.removeprefix(SH).removesuffix(_SUFFIX)
    name = name[:1].lower() + name[1:]
    fixed = _WITHOUT_PARAMETER.get(name)
    if fixed:
        return fixed
    values = graph.values(result.shape, name)
    if not values:
        return f"it does not fulfil {shorten(str(result.component))}"
    return f"sh:{name} {' '.join(term_text(value, shorten) for value in values)} does not hold"


def term_text(term: Term, shorten: Callable[[str], str] = str) -> str:
    """A term in Turtle, short where that reads well: numbers and booleans bare."""
    if isinstance(term, NamedNode | BlankNode):
        return shorten(str(term))
    if term.datatype.value in {XSD + "integer", XSD + "boolean"}:
        return term.value
    text = str(Literal(term.value))
    if term.language:
        return f"{text}@{term.language}"
    return (
        text if term.datatype.value in {XSD + "string", RDF_LANG_STRING} else f"{text}^^{shorten(str(term.datatype))}"
    )
