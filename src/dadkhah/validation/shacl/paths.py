"""SHACL property paths as SPARQL 1.1 property paths (SHACL section 2.3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import RDF_FIRST, Node, Term
from dadkhah.validation.shacl.uncompiled import Uncompiled

_MAX_DEPTH = 9  # pySHACL gives up at ten
_SUFFIXES = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled property path.

    Attributes:
        sparql: the path as SPARQL writes it.
        nullable: whether it relates every node to itself.
        predicate: the predicate's IRI where the path is one predicate, forward or inverse.
        last: IRIs of the predicates whose objects the values are; None where they may be subjects too.
    """

    sparql: str
    nullable: bool = False
    predicate: str | None = None
    last: frozenset[str] | None = None


def compile_path(graph: ShapesGraph, node: Term, depth: int = 0) -> Path:
    """Compile one path.

    Raises:
        Uncompiled: it is malformed, too deep, or the inverse of something other than a predicate (pySHACL walks the
            inverse of a sequence in another order than the specification).
    """
    if isinstance(node, NamedNode):
        return Path(str(node), predicate=node.value, last=frozenset({node.value}))
    if isinstance(node, Literal) or depth > _MAX_DEPTH:
        raise Uncompiled("its path is malformed or nested too deeply")
    if graph.objects(node, RDF_FIRST.value):
        return _sequence(graph, node, depth)
    inverse = graph.values(node, "inversePath")
    if inverse:
        if not isinstance(inverse[0], NamedNode):
            raise Uncompiled("the inverse of a path that is not one predicate is left to pySHACL")
        return Path(f"^{inverse[0]}", predicate=inverse[0].value)
    return _alternative_or_repeated(graph, node, depth)


def _sequence(graph: ShapesGraph, node: Node, depth: int) -> Path:
    members = graph.items(node)
    if not 2 <= len(members) < _MAX_DEPTH:
        raise Uncompiled("its path is a sequence of less than two or too many members")
    steps = [compile_path(graph, member, depth + position + 1) for position, member in enumerate(members)]
    text = "/".join(f"({step.sparql})" for step in steps)
    nullable = all(step.nullable for step in steps)
    return Path(text, nullable, last=None if steps[-1].nullable else steps[-1].last)


def _alternative_or_repeated(graph: ShapesGraph, node: Node, depth: int) -> Path:
    alternatives = graph.values(node, "alternativePath")
    if alternatives:
        members = graph.items(alternatives[0])
        if len(members) < 2:
            raise Uncompiled("its alternative path has less than two members")
        steps = [compile_path(graph, member, depth + 1) for member in members]
        lasts = [step.last for step in steps]
        known = None if None in lasts else frozenset().union(*(last for last in lasts if last))
        return Path("|".join(f"({step.sparql})" for step in steps), any(step.nullable for step in steps), last=known)
    for name, suffix in _SUFFIXES.items():
        inner = graph.values(node, name)
        if inner:
            step = compile_path(graph, inner[0], depth + 1)
            nullable = suffix != "+" or step.nullable
            return Path(f"({step.sparql}){suffix}", nullable, last=None if nullable else step.last)
    raise Uncompiled("its path is malformed")


def path_text(graph: ShapesGraph, node: Term | None, shorten: dict[str, str] | None = None) -> str:
    """A path for people: SPARQL notation, prefixed names where `shorten` (namespace → prefix) has them."""
    if node is None:
        return ""
    try:
        text = compile_path(graph, node).sparql
    except Uncompiled:
        return str(node)
    for namespace, prefix in (shorten or {}).items():
        text = text.replace(f"<{namespace}", f"<{prefix}:")
    return text.replace("<", "").replace(">", "") if shorten else text
