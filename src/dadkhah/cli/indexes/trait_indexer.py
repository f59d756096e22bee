"""The traits of records as a part of snapshots: what search counts and filters by, read once in the build.

In: a finished store. Out: `indexes/traits/` (`browse.search.columns`). What is a trait is what
`browse.search.facets.read_traits` reads of single records; a test holds the two against each other. Only what the store
holds is read, so that a public snapshot tells by its columns no more than by its statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.columns import FORMAT, Gathered
from dadkhah.browse.search.facets import facet_names
from dadkhah.cli.indexes.answer_index import is_merged

if TYPE_CHECKING:
    from pathlib import Path

NAME = "traits"


class TraitIndexer:
    """Writes the columns into a snapshot; `dadkhah.snapshot.plan.Indexer`."""

    name = NAME
    version = FORMAT

    def build(self, store: ox.Store, folder: Path) -> None:
        """Read every statement of a trait once, and every statement of voices with a source."""
        scheme = Scheme(merged=is_merged(store))
        gathered = Gathered(_named(store))
        _events(store, scheme, gathered)
        _voices(store, scheme, gathered)
        gathered.write(folder)


def _named(store: ox.Store) -> Iterator[str]:
    """Records with a name, some of them several times."""
    for name in (*NAME_PROPERTIES, *VARIANT_PROPERTIES):
        for quad in store.quads_for_pattern(None, ox.NamedNode(name), None, None):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value


def _events(store: ox.Store, scheme: Scheme, gathered: Gathered) -> None:
    """Classes and levels of protection; places, courts and judges of records and of what names them."""
    no_roles = ", ".join(terms.iri(text) for text in (vocab.RDF_TYPE, scheme.term("cites"), *scheme.inverses))
    for prop, facets in facet_names(scheme).items():
        own = f"?r {terms.iri(prop)} ?v . FILTER(isIRI(?r) && isIRI(?v))"
        patterns = [own]
        if prop != vocab.RDF_TYPE:
            event = f"?e {terms.iri(prop)} ?v . FILTER(isIRI(?e) && isIRI(?v))"
            patterns.append(f"{event} ?e ?role ?r . FILTER(?role NOT IN ({no_roles}) && isIRI(?r))")
        for pattern in patterns:
            for row in _rows(store, f"SELECT ?r ?v WHERE {scheme.anywhere(pattern)}"):
                for facet in facets:
                    gathered.add(row["r"].value, facet, row["v"].value)
    protection = scheme.anywhere(f"?r {scheme.t('protection')} ?v")
    for row in _rows(store, f"SELECT ?r ?v WHERE {protection}"):
        if isinstance(row["v"], ox.NamedNode) and row["v"].value != scheme.term("Public"):
            gathered.protect(row["r"].value)


def _voices(store: ox.Store, scheme: Scheme, gathered: Gathered) -> None:
    """The works and sides of the graphs that name a record as subject or object."""
    voice = f"?g {scheme.t('inSource')} ?source . OPTIONAL {{ ?g {scheme.t('party')} ?party }}"
    of_graph: dict[str, set[tuple[str, str]]] = {}
    for row in _rows(store, f"SELECT DISTINCT ?g ?source ?party WHERE {scheme.anywhere(voice)}"):
        told = of_graph.setdefault(row["g"].value, set())
        told.add(("source", row["source"].value))
        if row["party"] is not None:
            told.add(("party", row["party"].value))
    for graph, told in of_graph.items():
        spoken: set[str] = set()
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            spoken.update(term.value for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode))
        for record in spoken:
            for facet, value in told:
                gathered.add(record, facet, value)


def _rows(store: ox.Store, query: str) -> Iterator[Any]:
    # a SELECT gives solutions, which the stubs cannot tell from the results of other forms
    solutions: Any = store.query(query)
    yield from solutions
