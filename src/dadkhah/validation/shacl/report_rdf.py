"""A validation report in RDF (SHACL section 3.6).

In: a `ShaclReport` and the shapes graph that it came from. Out: triples, or a document. Property paths and the blank
nodes of shapes are copied from the shapes graph, so the report can be read without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from dadkhah.validation.shacl.results import Result, ShaclReport
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import RDF_FIRST, RDF_REST, RDF_TYPE, Node, Term, sh
from dadkhah.validation.shacl.wording import message_of
from dadkhah.vocab import SH, XSD

# in the order in which `paths` reads them: a node that is several paths at once counts as the first
_PATH_PARTS = (
    (RDF_FIRST.value, RDF_REST.value),
    *((SH + name,) for name in ["inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"]),
)


def report_triples(report: ShaclReport, graph: ShapesGraph) -> Iterator[Triple]:
    """The report's triples; the root is a blank node of type sh:ValidationReport."""
    root = BlankNode()
    yield Triple(root, RDF_TYPE, sh("ValidationReport"))
    conforms = "true" if report.conforms else "false"
    yield Triple(root, sh("conforms"), Literal(conforms, datatype=NamedNode(XSD + "boolean")))
    for result in report.results:
        node = BlankNode()
        yield Triple(root, sh("result"), node)
        yield from _result_triples(result, node, graph)


def _result_triples(result: Result, node: BlankNode, graph: ShapesGraph) -> Iterator[Triple]:
    yield Triple(node, RDF_TYPE, sh("ValidationResult"))
    parts: list[tuple[str, Term | None]] = [
        ("focusNode", result.focus),
        ("value", result.value),
        ("resultSeverity", result.severity),
        ("sourceConstraintComponent", result.component),
        ("sourceShape", result.shape),
        ("sourceConstraint", result.constraint),
        *(("resultMessage", message) for message in result.messages or [Literal(message_of(result, graph))]),
    ]
    for name, term in parts:
        if term is not None:
            yield Triple(node, sh(name), term)
    if result.path is not None:
        if isinstance(result.path, BlankNode):
            copies: dict[Node, BlankNode] = {}
            yield from _path_triples(result.path, graph, copies)
            yield Triple(node, sh("resultPath"), copies[result.path])
        else:
            yield Triple(node, sh("resultPath"), result.path)
    for detail in result.details:
        inner = BlankNode()
        yield Triple(node, sh("detail"), inner)
        yield from _result_triples(detail, inner, graph)


def _path_triples(node: BlankNode, graph: ShapesGraph, copies: dict[Node, BlankNode]) -> Iterator[Triple]:
    if node in copies:
        return
    copies[node] = BlankNode()  # each result has a path of its own
    parts = next((part for part in _PATH_PARTS if graph.objects(node, part[0])), ())
    for predicate in parts:
        for value in graph.objects(node, predicate):
            if isinstance(value, BlankNode):
                yield from _path_triples(value, graph, copies)
                yield Triple(copies[node], NamedNode(predicate), copies[value])
            else:
                yield Triple(copies[node], NamedNode(predicate), value)


def serialize_report(
    report: ShaclReport,
    graph: ShapesGraph,
    rdf_format: RdfFormat = RdfFormat.TURTLE,
    prefixes: Iterable[tuple[str, str]] = (),
) -> bytes:
    """The report as a document."""
    names = {"sh": SH, "xsd": XSD, **dict(prefixes)}
    text = serialize(report_triples(report, graph), format=rdf_format, prefixes=names)
    return text or b""
