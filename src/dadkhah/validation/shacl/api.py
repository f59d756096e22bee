"""Validate a data graph against a shapes graph.

In: two documents, from files or in memory. Out: a `ShaclReport`. Shapes are compiled to SPARQL and run on Oxigraph; a
shape that is not compiled runs in pySHACL, and the report says which and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import Quad, RdfFormat, Triple, parse

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.evaluate import Evaluator
from dadkhah.validation.shacl.results import Result, ShaclReport
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import Node
from dadkhah.validation.shacl.value_tests import Uncompiled

Document: TypeAlias = "Path | str | bytes | Iterable[Quad | Triple]"


class ShaclEngine(StrEnum):
    """Which of the two paths validates; both give the same results."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


def load_data(source: Document | DataGraph, rdf_format: RdfFormat | None = None, base: str | None = None) -> DataGraph:
    """Read a data graph.

    Args:
        source: a path (as `Path` or `str`), a document as bytes, or quads.
        rdf_format: the syntax; None takes it from the file's ending, and Turtle for bytes.
        base: the IRI that relative references start from.

    Raises:
        InputError: the file cannot be read, or its ending tells no syntax.
        SourceSyntaxError: it does not parse; with line and column.
    """
    if isinstance(source, DataGraph):
        return source
    data = DataGraph()
    if isinstance(source, bytes):
        data.load(source, rdf_format or RdfFormat.TURTLE, base=base)
    elif isinstance(source, str | Path):
        path = Path(source)
        try:
            data.load(path, rdf_format or _format_of(path), base=base or path.resolve().as_uri())
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    else:
        data.add(source)
    return data


def load_shapes(
    source: Document | ShapesGraph, rdf_format: RdfFormat | None = None, base: str | None = None
) -> ShapesGraph:
    """Read a shapes graph; arguments and errors as in `load_data`."""
    if isinstance(source, ShapesGraph):
        return source
    if isinstance(source, bytes):
        return ShapesGraph(_parsed(source, rdf_format or RdfFormat.TURTLE, base, "shapes"))
    if isinstance(source, str | Path):
        path = Path(source)
        try:
            text = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        return ShapesGraph(_parsed(text, rdf_format or _format_of(path), base or path.resolve().as_uri(), str(path)))
    return ShapesGraph(source)


def validate(
    data: Document | DataGraph,
    shapes: Document | ShapesGraph,
    *,
    engine: ShaclEngine = ShaclEngine.COMPILED,
) -> ShaclReport:
    """Validate data against shapes; the two never mix.

    Raises:
        InputError: a document does not parse, or the shapes graph is malformed (a *failure*, SHACL section 3.4).
    """
    graph, facts = load_shapes(shapes), load_data(data)
    if engine is ShaclEngine.PYSHACL:
        return ShaclReport(_in_pyshacl(graph, facts, None))
    report = ShaclReport()
    evaluator = Evaluator(graph, facts)
    left: list[Node] = []
    for shape in graph.shapes.values():
        if not graph.has_target(shape):
            continue
        try:
            report.results += evaluator.results(shape)
        except Uncompiled as reason:
            report.uncompiled[str(shape)] = str(reason)
            left.append(shape.node)
    if left:
        report.results += _in_pyshacl(graph, facts, left)
    return report


def _in_pyshacl(graph: ShapesGraph, data: DataGraph, only: list[Node] | None) -> list[Result]:
    from dadkhah.validation.shacl.referee import referee_results  # noqa: PLC0415 # loads rdflib: slow, seldom needed

    return referee_results(graph, data, only=only)


def _format_of(path: Path) -> RdfFormat:
    found = RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if found is None:
        raise InputError(f"{path}: its ending tells no RDF syntax; use .ttl, .nt, .nq, .trig, .rdf or .jsonld")
    return found


def _parsed(text: bytes, rdf_format: RdfFormat, base: str | None, name: str) -> list[Quad]:
    try:
        return list(parse(text, format=rdf_format, base_iri=base))
    except SyntaxError as error:
        raise SourceSyntaxError(f"{name}: {error.msg}", file=name, line=error.lineno, column=error.offset) from error
    except ValueError as error:
        raise SourceSyntaxError(f"{name}: {error}", file=name) from error
