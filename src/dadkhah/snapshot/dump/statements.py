"""The statements of a curated project, each with the graph it belongs to.

In: a loaded project and the accepted mappings. Out: `Statements`, which the protection filter and the derivations
read, and canonical N-Quads lines. Holds everything in memory: a curated project is small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.source.files.tree import Role
from dadkhah.source.formats.sink import Sink
from dadkhah.source.project.mappings import MappingRow, statements
from dadkhah.source.project.reading import Loaded
from dadkhah.vocab import RDF_TYPE


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple in one graph (IRI)."""

    graph: str
    triple: ox.Triple

    @property
    def subject(self) -> str:
        """IRI of the subject."""
        value: str = self.triple.subject.value  # type: ignore[union-attr]  # curated data has only IRIs as subjects
        return value

    @property
    def predicate(self) -> str:
        """IRI of the predicate."""
        return self.triple.predicate.value

    @property
    def object_iri(self) -> str | None:
        """IRI of the object, or None where it is a literal."""
        return self.triple.object.value if isinstance(self.triple.object, ox.NamedNode) else None


@dataclass(slots=True)
class Statements:
    """Statements with the indexes that derivations need."""

    all: list[Statement]
    by_predicate: dict[str, list[Statement]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_predicate = defaultdict(list)
        for statement in self.all:
            self.by_predicate[statement.predicate].append(statement)

    def types(self) -> dict[str, set[str]]:
        """Classes of each subject, as stated."""
        found: dict[str, set[str]] = defaultdict(set)
        for statement in self.by_predicate.get(RDF_TYPE, ()):
            if statement.object_iri:
                found[statement.subject].add(statement.object_iri)
        return found

    def kept(self, keep: Callable[[Statement], bool]) -> Statements:
        """Those that pass."""
        return Statements([statement for statement in self.all if keep(statement)])


def of_project(loaded: Loaded, accepted: Iterable[MappingRow], iris: Iris) -> Statements:
    """All statements of a project's files, in the order of the files; shapes are no statements."""
    found: list[Statement] = []
    for document in loaded.documents:
        if document.file.role is not Role.SHAPES:
            found.extend(Statement(document.file.graph, triple) for triple in document.triples)
    found.extend(Statement(iris.graph("mappings"), triple) for triple in statements(accepted))
    return Statements(found)


def write_lines(found: Iterable[Statement], sink: Sink) -> None:
    """Write statements as canonical N-Quads."""
    ox.serialize(_quads(found), sink, ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]  # it calls only write() and flush()


def _quads(found: Iterable[Statement]) -> Iterator[ox.Quad]:
    graphs: dict[str, ox.NamedNode] = {}
    for statement in found:
        graph = graphs.setdefault(statement.graph, ox.NamedNode(statement.graph))
        triple = statement.triple
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
