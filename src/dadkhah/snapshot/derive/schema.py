"""What the ontology tells the derivations: superclasses, inverses, roles, which properties can be in conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.vocab import OWL, RDF_TYPE, RDFS_SUBCLASS_OF


@dataclass(frozen=True, slots=True)
class Schema:
    """The parts of an ontology that the build reads; all keys and values are IRIs.

    Attributes:
        superclasses: class to all classes above it, itself left out.
        inverses: property to its inverses; a symmetric property is its own.
        roles: property to the roles that a person has who is its value.
        functional: properties that have at most one true value.
        intervals: properties whose values are records with bounds.
        upper: property for lower bounds to its partner for upper bounds.
    """

    superclasses: dict[str, frozenset[str]]
    inverses: dict[str, frozenset[str]]
    roles: dict[str, frozenset[str]]
    functional: frozenset[str]
    intervals: frozenset[str]
    upper: dict[str, str]


def read_schema(ontology: Iterable[ox.Triple], iris: Iris) -> Schema:
    """Read the ontology's triples."""
    parents: dict[str, set[str]] = defaultdict(set)
    inverses: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, set[str]] = defaultdict(set)
    marked: dict[str, set[str]] = defaultdict(set)
    upper: dict[str, str] = {}
    for triple in ontology:
        if not (isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode)):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object.value
        if predicate == RDFS_SUBCLASS_OF:
            parents[subject].add(value)
        elif predicate == OWL + "inverseOf":
            inverses[subject].add(value)
            inverses[value].add(subject)
        elif predicate == iris.term("impliesRole"):
            roles[subject].add(value)
        elif predicate == iris.term("upperBoundProperty"):
            upper[subject] = value
        elif predicate == RDF_TYPE:
            marked[value].add(subject)
    for symmetric in marked[OWL + "SymmetricProperty"]:
        inverses[symmetric].add(symmetric)
    return Schema(
        superclasses={name: frozenset(_above(name, parents)) for name in sorted(parents)},
        inverses={name: frozenset(values) for name, values in inverses.items()},
        roles={name: frozenset(values) for name, values in roles.items()},
        functional=frozenset(marked[iris.term("FunctionalProperty")]),
        intervals=frozenset(marked[iris.term("IntervalProperty")]),
        upper=upper,
    )


def _above(name: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        for parent in parents.get(pending.pop(), ()):
            if parent not in found and parent != name:
                found.add(parent)
                pending.append(parent)
    return found
