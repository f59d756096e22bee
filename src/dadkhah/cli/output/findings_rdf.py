"""Findings as a SHACL validation report in RDF (SHACL section 3.6).

A finding of another rule than a shape (syntax, names, dates) is a result too; its constraint component is then the
IRI of the rule below `problems#`, and line and column stand in its message.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from dadkhah.iris import DEFAULT_BASE
from dadkhah.source.files.problems import Severity
from dadkhah.validation.report import Finding, Report
from dadkhah.vocab import RDF_TYPE, SH, XSD

_SEVERITIES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}


def findings_as_rdf(report: Report, syntax: RdfFormat) -> bytes:
    """The report as a document; it conforms where there is no finding at all."""
    return serialize(_triples(report), format=syntax, prefixes={"sh": SH, "xsd": XSD}) or b""


def _triples(report: Report) -> Iterator[Triple]:
    root = BlankNode()
    yield Triple(root, NamedNode(RDF_TYPE), _sh("ValidationReport"))
    yield Triple(root, _sh("conforms"), Literal(report.clean))
    for finding in report:
        node = BlankNode()
        yield Triple(root, _sh("result"), node)
        yield Triple(node, NamedNode(RDF_TYPE), _sh("ValidationResult"))
        yield Triple(node, _sh("resultSeverity"), _sh(_SEVERITIES[finding.severity]))
        yield Triple(node, _sh("resultMessage"), Literal(_message(finding)))
        component = finding.component or f"{DEFAULT_BASE}problems#{finding.rule}"
        yield Triple(node, _sh("sourceConstraintComponent"), NamedNode(component))
        parts = (("focusNode", finding.focus), ("resultPath", finding.path), ("value", finding.value))
        for name, text in (*parts, ("sourceShape", finding.shape)):
            term = _term(text)
            if term is not None:
                yield Triple(node, _sh(name), term)


def _message(finding: Finding) -> str:
    place = f"line {finding.line}" if finding.line else ""
    if finding.column:
        place += f", column {finding.column}"
    return f"{finding.text} ({place})" if place else finding.text


def _term(text: str) -> NamedNode | Literal | None:
    """The IRI or literal that an N-Triples text stands for; blank nodes of another graph say nothing here."""
    if not text or text.startswith("_:"):
        return None
    try:
        term = next(iter(parse(f"<a:a> <a:a> {text} .", RdfFormat.N_TRIPLES))).object
    except (SyntaxError, StopIteration):
        return None
    return term if isinstance(term, NamedNode | Literal) else None


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)
