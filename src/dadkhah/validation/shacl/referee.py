"""pySHACL as the referee: what is not compiled runs here, and every compiled shape is held against it.

In: the same data and shapes as the compiled path, with lexical forms untouched (rdflib's parsers rewrite ill-typed
literals, so its parsers are not used). Out: results in the same form. Each SPARQL text is parsed once, not once for
each focus node, which makes pySHACL 0.40 several times faster. Its `focus_nodes` argument is never used: it also
filters the nodes of nested shapes and so hides results under `sh:or`, `sh:node` and `sh:qualifiedValueShape`.

pySHACL changes rdflib for the whole process while it validates: run this in tools, never in a server that answers
others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parser import parseQuery

from dadkhah.errors import ShapesError
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.judge import quiet_rdflib, to_rdflib_literal
from dadkhah.validation.shacl.results import Result
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.sparql_constraint import declarations
from dadkhah.validation.shacl.terms import OWL_CLASS, RDF_LANG_STRING, RDFS_CLASS, Node, Term, sh
from dadkhah.vocab import SH, XSD


def referee_results(graph: ShapesGraph, data: DataGraph, *, only: Iterable[Node] | None = None) -> list[Result]:
    """Validate with pySHACL.

    Args:
        graph: the shapes graph.
        data: the data graph.
        only: shapes whose targets count; None for all. The targets of other shapes are left out, the shapes stay.

    Raises:
        ShapesError: pySHACL refuses the shapes, or a constraint fails.
    """
    kept = None if only is None else set(only)
    with quiet_rdflib(), _parsed_once():
        shapes = _graph(t for t in _amended(graph) if kept is None or t[0] in kept or not _is_target(graph, *t))
        facts = _graph(data.triples())
        try:
            _, report, text = pyshacl.validate(facts, shacl_graph=shapes, inference="none", inplace=True)
        except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
            raise ShapesError(f"the shapes cannot be used: {error}") from error
        except Exception as error:  # ill-formed shapes make pySHACL fail with any error of Python's
            raise ShapesError(f"the shapes cannot be used: {type(error).__name__}: {error}") from error
        if not isinstance(report, rdflib.Graph):
            raise ShapesError(f"the shapes cannot be used: {text}")
        return _read(report)


def _amended(graph: ShapesGraph) -> Iterator[tuple[Node, NamedNode, Term]]:
    """The shapes graph, with two things that pySHACL reads amiss said so that it reads them as SHACL does."""
    for subject, predicate, value in graph.triples():
        if predicate == sh("uniqueLang") and value.value == "1":
            continue  # another term than true (suite: uniqueLang-002)
        yield subject, predicate, value
        if predicate == sh("prefixes") and not isinstance(value, Literal):
            for declaration in declarations(graph, value):  # pySHACL does not follow owl:imports (suite: prefixes-001)
                yield value, sh("declare"), declaration


def _is_target(graph: ShapesGraph, subject: Node, predicate: NamedNode, value: Term) -> bool:
    if predicate.value.startswith(SH + "target"):
        return True
    shape = graph.shapes.get(subject)
    return shape is not None and graph.is_implicit_class(shape) and value in (RDFS_CLASS, OWL_CLASS)


@contextmanager
def _parsed_once() -> Iterator[None]:
    """Let rdflib parse each SPARQL text once; undone afterwards."""
    seen: dict[str, Any] = {}
    original = processor.SPARQLProcessor.query

    def query(  # rdflib's own signature
        self: processor.SPARQLProcessor,
        text: Any,
        bindings: Any = None,
        namespaces: Any = None,
        base: Any = None,
        _debug: Any = None,
    ) -> Any:
        if isinstance(text, str):
            if text not in seen:
                seen[text] = translateQuery(parseQuery(text), base, namespaces)
            text = seen[text]
        return evalQuery(self.graph, text, bindings or {}, base)

    processor.SPARQLProcessor.query = query  # type: ignore[method-assign, assignment] # the whole point
    try:
        yield
    finally:
        processor.SPARQLProcessor.query = original  # type: ignore[method-assign] # as it was


def _graph(triples: Iterable[tuple[Node, NamedNode, Term]]) -> rdflib.Graph:
    found = rdflib.Graph()
    known: dict[Term, rdflib.term.Node] = {}
    for triple in triples:
        terms = []
        for term in triple:
            if term not in known:
                known[term] = to_rdflib(term)
            terms.append(known[term])
        found.add((terms[0], terms[1], terms[2]))
    return found


def to_rdflib(term: Term) -> rdflib.term.Node:
    """A term of pyoxigraph as one of rdflib, with its lexical form untouched."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    return to_rdflib_literal(term)


def from_rdflib(term: Any) -> Term:
    """The inverse of `to_rdflib`."""
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    datatype = str(term.datatype) if term.datatype else XSD + "string"
    return Literal(str(term), datatype=NamedNode(datatype)) if datatype != RDF_LANG_STRING else Literal(str(term))


def _read(report: rdflib.Graph) -> list[Result]:
    root = report.value(None, rdflib.RDF.type, rdflib.URIRef(SH + "ValidationReport"))
    return [_result(report, node) for node in report.objects(root, rdflib.URIRef(SH + "result"))]


def _result(report: rdflib.Graph, node: Any) -> Result:
    def one(name: str) -> Term | None:
        term = report.value(node, rdflib.URIRef(SH + name))
        return None if term is None else from_rdflib(term)

    return Result(
        focus=cast("Term", one("focusNode")),
        path=one("resultPath"),
        value=one("value"),
        severity=cast("Term", one("resultSeverity")),
        component=cast("NamedNode", one("sourceConstraintComponent")),
        shape=cast("Node", one("sourceShape")),
        constraint=cast("Node | None", one("sourceConstraint")),
        messages=tuple(
            cast("Literal", from_rdflib(m)) for m in report.objects(node, rdflib.URIRef(SH + "resultMessage"))
        ),
        details=tuple(_result(report, detail) for detail in report.objects(node, rdflib.URIRef(SH + "detail"))),
    )
