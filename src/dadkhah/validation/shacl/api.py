"""Validate a data graph against a shapes graph.

In: two documents, from files or in memory. Out: a `ShaclReport`. Shapes are compiled to SPARQL and run on Oxigraph; a
shape that is not compiled runs in pySHACL, and the report says which and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import Quad, RdfFormat, Triple

from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.documents import RdfDocument
from dadkhah.validation.shacl.evaluate import Evaluator
from dadkhah.validation.shacl.results import Result, ShaclReport
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import Node
from dadkhah.validation.shacl.uncompiled import Uncompiled

Document: TypeAlias = "Path | str | bytes | Sequence[Path | str] | Iterable[Quad | Triple]"
_PORTION = 100_000  # quads handed on at once: keeps the list small beside the store


class ShaclEngine(StrEnum):
    """Which of the two paths validates; both give the same results."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


def load_data(source: Document | DataGraph, rdf_format: RdfFormat | None = None, base: str | None = None) -> DataGraph:
    """Read a data graph.

    Args:
        source: a path (as `Path` or `str`), several paths, a document as bytes, or quads.
        rdf_format: the syntax; None takes it from the file's ending (also with .gz), and Turtle for bytes.
        base: the IRI that relative references start from.

    Raises:
        InputError: the file cannot be read, or its ending tells no syntax.
        SourceSyntaxError: it does not parse; with line and column.
    """
    if isinstance(source, DataGraph):
        return source
    data = DataGraph()
    for part in _parts(source, rdf_format, base):
        if isinstance(part, RdfDocument):
            data.load(part)
        else:
            data.add(part)
    return data


def load_shapes(
    source: Document | ShapesGraph, rdf_format: RdfFormat | None = None, base: str | None = None
) -> ShapesGraph:
    """Read a shapes graph; arguments and errors as in `load_data`."""
    if isinstance(source, ShapesGraph):
        return source
    quads: list[Quad | Triple] = []
    for part in _parts(source, rdf_format, base):
        quads += part.quads(rename_blank_nodes=bool(quads)) if isinstance(part, RdfDocument) else part
    return ShapesGraph(quads)


def _parts(
    source: Document, rdf_format: RdfFormat | None, base: str | None
) -> Iterator[RdfDocument | list[Quad | Triple]]:
    if isinstance(source, bytes):
        yield RdfDocument(source, rdf_format or RdfFormat.TURTLE, base)
        return
    quads: list[Quad | Triple] = []
    for part in [source] if isinstance(source, str | Path) else source:
        if isinstance(part, str | Path):
            yield RdfDocument.at(Path(part), rdf_format, base)
        else:
            quads.append(part)
            if len(quads) >= _PORTION:
                yield quads
                quads = []
    if quads:
        yield quads


def validate(
    data: Document | DataGraph,
    shapes: Document | ShapesGraph,
    *,
    engine: ShaclEngine = ShaclEngine.COMPILED,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> ShaclReport:
    """Validate data against shapes; the two never mix. `watch` is told how many shapes are done, of how many.

    Raises:
        InputError: a document cannot be read or does not parse.
        ShapesError: the shapes graph is malformed, or pySHACL cannot validate against it.
    """
    graph, facts = load_shapes(shapes), load_data(data)
    if engine is ShaclEngine.PYSHACL:
        return ShaclReport(_in_pyshacl(graph, facts, None), ignored=graph.ignored)
    report = ShaclReport(ignored=graph.ignored)
    evaluator = Evaluator(graph, facts)
    left: list[Node] = []
    for done, shape in enumerate(graph.targeted):
        watch(done, len(graph.targeted))
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
