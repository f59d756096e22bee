"""How the graph that is browsed is laid out: our own terms, and where statements are kept.

In: the base of the IRIs, and whether the default graph is the merge of all others. Out: IRIs of terms, and SPARQL
patterns that find a statement wherever it stands. The terms named here are checked against `ontology/` by a test. It
must not ask anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from dadkhah import vocab
from dadkhah.browse.terms import iri
from dadkhah.iris import Iris

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

# what dates an event in our graph, and then in graphs of others
EARLIEST, LATEST, EDTF = "earliest", "latest", "edtf"
FOREIGN_FIRST = (
    "https://schema.org/startDate",
    "http://schema.org/startDate",
    "http://www.w3.org/ns/prov#startedAtTime",
    "http://purl.org/dc/terms/date",
    "http://purl.org/dc/elements/1.1/date",
)
FOREIGN_LAST = (
    "https://schema.org/endDate",
    "http://schema.org/endDate",
    "http://www.w3.org/ns/prov#endedAtTime",
)
SAME_AS = (
    f"{_SKOS}exactMatch",
    f"{_SKOS}closeMatch",
    f"{_OWL}sameAs",
    "https://schema.org/sameAs",
    "http://schema.org/sameAs",
)

# written by the build; each says again what its inverse says
INVERSES = ("hasPart", "victimIn", "defendantIn", "conductedTrial", "conveys")
_BOOKKEEPING = (
    "cites", "inSource", "passageOf", "archivedAs", "underHeading", "passageKind", "claimant", "relayedBy",
    "originGroup", "party", "protection", "subject", "property", "value", "voice", "passage",
)  # fmt: skip
_FOREIGN_BOOKKEEPING = (
    vocab.RDF_TYPE,
    vocab.RDFS_SUBCLASS_OF,
    f"{_RDFS}subPropertyOf",
    f"{_RDFS}isDefinedBy",
    f"{_RDFS}domain",
    f"{_RDFS}range",
    f"{_OWL}inverseOf",
    f"{_SKOS}inScheme",
    f"{_SKOS}topConceptOf",
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The layout of the graph.

    Attributes:
        iris: how our IRIs are made.
        merged: whether every statement of a named graph also stands in the default graph, and no other does. False
            for a user's own graph or a remote engine, where both are looked through.
    """

    iris: Iris = field(default_factory=Iris)
    merged: bool = True

    def term(self, name: str) -> str:
        """IRI of a term of the ontology."""
        return self.iris.term(name)

    def terms(self, *names: str) -> tuple[str, ...]:
        """IRIs of terms of the ontology."""
        return _terms(self.iris, names)

    def t(self, name: str) -> str:
        """A term of the ontology as it is written in a query."""
        return iri(self.iris.term(name))

    @property
    def bookkeeping(self) -> tuple[str, ...]:
        """Predicates that tell where a statement was read or how terms are defined, not how records are related."""
        return _bookkeeping(self.iris)

    @property
    def no_links(self) -> frozenset[str]:
        """Predicates that are not followed from record to record: bookkeeping, and readings that match events."""
        return _no_links(self.iris)

    @property
    def inverses(self) -> tuple[str, ...]:
        """Predicates whose statements the build derives from their inverses."""
        return self.terms(*INVERSES)

    @property
    def dating(self) -> tuple[str, ...]:
        """Predicates that say when something happened."""
        return (*self.terms(EARLIEST, LATEST, EDTF), *FOREIGN_FIRST, *FOREIGN_LAST)

    def anywhere(self, pattern: str) -> str:
        """A group that finds a pattern in the default graph or, where that is no merge, in any one graph.

        The pattern must hold its own VALUES: a join from outside would not reach into the branches.
        """
        if self.merged:
            return f"{{ {pattern} }}"
        return f"{{ {{ {pattern} }} UNION {{ GRAPH ?anyGraph {{ {pattern} }} }} }}"

    def attributed(self, pattern: str) -> str:
        """A group that finds a pattern and binds `?g` to the graph that holds it, unbound in the default graph."""
        if self.merged:
            return f"{{ GRAPH ?g {{ {pattern} }} }}"
        return f"{{ {{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }} }}"

    def role_of(self, graph: str) -> str:
        """What a graph is: see `Voice.role`."""
        return _role_of(self.iris, graph)


@lru_cache(1024)
def _terms(iris: Iris, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(iris.term(name) for name in names)


@lru_cache(16)
def _bookkeeping(iris: Iris) -> tuple[str, ...]:
    return (*_FOREIGN_BOOKKEEPING, *_terms(iris, _BOOKKEEPING), *_terms(iris, INVERSES))


@lru_cache(16)
def _no_links(iris: Iris) -> frozenset[str]:
    return frozenset((*_bookkeeping(iris), *_terms(iris, ("matchedEvent", "matchedItem", "matchedStage"))))


@lru_cache(5000)
def _role_of(iris: Iris, graph: str) -> str:
    if not graph:
        return "default"
    for name in ("authority", "sources", "mappings", "derived", "ontology"):
        if graph == iris.graph(name):
            return name
    if graph.startswith(f"{iris.base}voice/dadkhah/"):
        return "analysis"
    return "voice" if graph.startswith(f"{iris.base}voice/") else "graph"
