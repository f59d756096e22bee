"""Types that follow from types, statements that follow from inverses, roles that follow from events."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.snapshot.derive.schema import Schema
from dadkhah.snapshot.dump.statements import Statements
from dadkhah.vocab import RDF_TYPE

_TYPE = ox.NamedNode(RDF_TYPE)


def superclass_types(found: Statements, schema: Schema) -> Iterator[ox.Triple]:
    """Each record is also of the classes above its classes."""
    for subject, classes in found.types().items():
        for above in set().union(*(schema.superclasses.get(name, frozenset()) for name in classes)) - classes:
            yield ox.Triple(ox.NamedNode(subject), _TYPE, ox.NamedNode(above))


def inverse_statements(found: Statements, schema: Schema) -> Iterator[ox.Triple]:
    """`a p b` gives `b q a` where q is the inverse of p."""
    for predicate, inverses in schema.inverses.items():
        for statement in found.by_predicate.get(predicate, ()):
            if statement.object_iri is None:
                continue
            for inverse in inverses:
                yield ox.Triple(
                    ox.NamedNode(statement.object_iri), ox.NamedNode(inverse), ox.NamedNode(statement.subject)
                )


def role_types(found: Statements, schema: Schema, iris: Iris) -> Iterator[ox.Triple]:
    """A person who is the value of a property that implies a role has that role; groups and offices have none."""
    types, person = found.types(), iris.term("Person")
    for predicate, roles in schema.roles.items():
        for statement in found.by_predicate.get(predicate, ()):
            who = statement.object_iri
            if who is not None and person in types.get(who, ()):
                for role in roles:
                    yield ox.Triple(ox.NamedNode(who), _TYPE, ox.NamedNode(role))
