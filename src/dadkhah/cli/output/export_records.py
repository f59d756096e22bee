"""Records of a snapshot for other programs: what `dadkhah export` writes as GraphML, GeoJSON and FollowTheMoney.

In: a snapshot, perhaps one graph of it, perhaps only some records. Out: bytes into a file. The dump is read, which is
sorted by record, so that a snapshot is never held in memory.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from dadkhah.browse.exports.ftm import write_entities
from dadkhah.browse.exports.stored_records import Held, Said, entities, geojson, graphml, known
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import BlankNode, Iri, Literal, Term
from dadkhah.iris import DEFAULT_BASE, Iris
from dadkhah.snapshot.publishing.registry import Snapshot

FORMATS = ("ftm", "graphml", "geojson")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a snapshot is written: all of it, or one graph, or some records."""

    snapshot: Snapshot
    graph: ox.NamedNode | None = None
    records: Collection[str] | None = None

    def quads(self) -> Iterator[ox.Quad]:
        """The statements, in the order of the dump."""
        with gzip.open(self.snapshot.dump_path) as lines:
            for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS):  # type: ignore[arg-type] # GzipFile reads bytes
                if self.graph is not None and quad.graph_name != self.graph:
                    continue
                if self.records is None or getattr(quad.subject, "value", "") in self.records:
                    yield quad

    def held(self) -> Iterator[Held]:
        """The records with an IRI, with their statements."""
        for subject, quads in groupby(self.quads(), key=lambda quad: quad.subject):
            if isinstance(subject, ox.NamedNode):
                yield Held(subject.value, tuple(said for quad in quads if (said := _said(quad)) is not None))

    def names(self) -> Iterator[Held]:
        """All records that can be named, whatever part is written."""
        return Part(self.snapshot).held()


def write_records(part: Part, form: str, file: BinaryIO) -> None:
    """Write a part of a snapshot in one of `FORMATS`."""
    scheme = Scheme(Iris(part.snapshot.manifest.base or DEFAULT_BASE))
    about = known(scheme, part.names)
    if form == "ftm":
        file.writelines(write_entities([each]) for each in entities(scheme, part.held, about))
        return
    write = graphml if form == "graphml" else geojson
    file.writelines(text.encode() for text in write(scheme, part.held, about))


def _said(quad: ox.Quad) -> Said | None:
    value = _term(quad.object)
    graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
    return None if value is None else Said(quad.predicate.value, value, graph)


def _term(term: object) -> Term | None:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language or "")
    return BlankNode(term.value) if isinstance(term, ox.BlankNode) else None
