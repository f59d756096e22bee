"""Results of SHACL validation as people and programs read them: text, JSON, the report of SHACL section 3.6 in RDF."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from pyoxigraph import RdfFormat

from dadkhah.validation.shacl import Result, ShaclReport, ShapesGraph
from dadkhah.validation.shacl.paths import path_text
from dadkhah.validation.shacl.report_rdf import serialize_report
from dadkhah.validation.shacl.wording import message_of, term_text
from dadkhah.vocab import RDF, RDFS, SH, XSD

RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
FORMATS = ("text", "json", *RDF_FORMATS)
_WORDS = {f"{SH}Violation": "error", f"{SH}Warning": "warning", f"{SH}Info": "info"}
_PREFIXES = {RDF: "rdf", RDFS: "rdfs", SH: "sh", XSD: "xsd"}


@dataclass(frozen=True, slots=True)
class Validated:
    """A validation and what it cost.

    Attributes:
        triples: how many statements were judged.
        load_seconds: reading data and shapes.
        validate_seconds: judging.
    """

    report: ShaclReport
    shapes: ShapesGraph
    triples: int
    load_seconds: float
    validate_seconds: float

    @property
    def passed(self) -> bool:
        """Whether no result is an error: warnings and notes do not count, severities of other names do."""
        return not self.counts()["error"]

    def counts(self) -> dict[str, int]:
        """Number of results by `error`, `warning`, `info`."""
        found = Counter(severity_of(result) for result in self.report)
        return {word: found[word] for word in _WORDS.values()}


def severity_of(result: Result) -> str:
    """`error`, `warning` or `info`; a severity of another name is an error."""
    return _WORDS.get(getattr(result.severity, "value", ""), "error")


def written(validated: Validated, form: str) -> bytes:
    """The report in one of `FORMATS`; text and JSON in an order that does not change from run to run."""
    if form in RDF_FORMATS:
        return serialize_report(validated.report, validated.shapes, RDF_FORMATS[form])
    if form == "json":
        return _json(validated)
    lines = sorted(_line(result, validated.shapes) for result in validated.report)
    return "\n".join(lines).encode()


def summary_of(validated: Validated) -> str:
    """One line that says how it went and what it took."""
    counts = ", ".join(f"{n} {word}{'s' if n != 1 else ''}" for word, n in validated.counts().items() if n)
    took = f"read in {validated.load_seconds:.2f} s, judged in {validated.validate_seconds:.2f} s"
    return f"{validated.triples:,} triples: {counts or 'conforms'} ({took})"


def _shorten(iri: str) -> str:
    for namespace, prefix in _PREFIXES.items():
        if iri.startswith(f"<{namespace}"):
            return f"{prefix}:{iri[len(namespace) + 1 : -1]}"
    return iri


def _line(result: Result, graph: ShapesGraph) -> str:
    path = path_text(graph, result.path)
    parts = [term_text(result.focus, _shorten), _shorten(path)]
    if result.value is not None and not (result.value == result.focus and result.path is None):
        parts.append(term_text(result.value, _shorten))
    name = result.component.value.rpartition("#")[2].removesuffix("ConstraintComponent")
    owner = _shorten(str(graph.owner(result.shape)))
    about = " ".join(part for part in parts if part)
    text = f"{about}: {severity_of(result)}: {message_of(result, graph, _shorten)} [{name} {owner}]"
    return " ".join(text.split())


def _json(validated: Validated) -> bytes:
    rows = sorted((_row(result, validated.shapes) for result in validated.report), key=orjson.dumps)
    value = {
        "conforms": validated.report.conforms,
        "passed": validated.passed,
        "triples": validated.triples,
        "counts": validated.counts(),
        "seconds": {"load": round(validated.load_seconds, 3), "validate": round(validated.validate_seconds, 3)},
        "uncompiled": dict(sorted(validated.report.uncompiled.items())),
        "ignored": dict(sorted(validated.report.ignored.items())),
        "results": rows,
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _row(result: Result, graph: ShapesGraph) -> dict[str, Any]:
    row: dict[str, Any] = {
        "focus": str(result.focus),
        "path": path_text(graph, result.path) or None,
        "value": None if result.value is None else str(result.value),
        "severity": getattr(result.severity, "value", str(result.severity)),
        "component": result.component.value,
        "shape": str(result.shape),
        "namedShape": str(graph.owner(result.shape)),
        "message": message_of(result, graph),
    }
    if result.constraint is not None:
        row["constraint"] = str(result.constraint)
    if result.details:
        row["details"] = [_row(detail, graph) for detail in result.details]
    return row
