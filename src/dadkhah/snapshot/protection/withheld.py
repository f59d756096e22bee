"""What the public snapshot must not hold, left out before anything is derived, indexed or written.

    Restricted      the record, every statement that mentions it, and every voice of it or about it as a graph
    AggregateOnly   a group, count or series is published, because it is a number; its members are not. Any other
                    record with this level is treated as restricted
    Pseudonymous    published under its opaque IRI and its skos:prefLabel, which has to be a pseudonym or a
                    description. Other names, all identifiers elsewhere and whatever vocabularies of people and
                    addresses say of it are left out. Without an opaque IRI it is treated as restricted

In: all statements. Out: those that may be published, and the names that must not occur in any of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.snapshot.dump.statements import Statements

OPAQUE = re.compile(r"[a-z]{1,3}-[0-9a-f]{8,}")
MIN_NAME = 5  # shorter names are common words of other statements
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PUBLIC_NAME = _SKOS + "prefLabel"
_OTHER_NAMES = frozenset(
    {
        _SKOS + "altLabel",
        _SKOS + "hiddenLabel",
        "http://xmlns.com/foaf/0.1/name",
        "https://schema.org/name",
        "https://schema.org/alternateName",
        "http://schema.org/name",
        "http://schema.org/alternateName",
        "http://purl.org/dc/terms/title",
    }
)
# given names, pictures, addresses, birthdays
_OF_PEOPLE = (
    "http://xmlns.com/foaf/0.1/",
    "https://schema.org/",
    "http://schema.org/",
    "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/2008/05/skos-xl#",
)
_NAMES = _OTHER_NAMES | {_PUBLIC_NAME, "http://www.w3.org/2000/01/rdf-schema#label"}
_ELSEWHERE = frozenset(
    {
        *(
            _SKOS + name
            for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "notation")
        ),
        "http://www.w3.org/2002/07/owl#sameAs",
        "http://purl.org/dc/terms/identifier",
        "http://www.w3.org/2000/01/rdf-schema#seeAlso",
        "http://xmlns.com/foaf/0.1/homepage",
        "http://xmlns.com/foaf/0.1/page",
        "https://schema.org/url",
        "https://schema.org/identifier",
        "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
        "http://www.w3.org/2003/01/geo/wgs84_pos#long",
    }
)
_UNTOLD = _OTHER_NAMES | _ELSEWHERE | {"http://www.w3.org/2000/01/rdf-schema#label"}
_AGGREGATES = ("PersonGroup", "Count", "AggregateEvent")


@dataclass(frozen=True, slots=True)
class Protected:
    """What a set of statements protects.

    Attributes:
        hidden: IRIs of records and voices that are left out.
        pseudonymous: IRIs of records that are published without names and identifiers.
        aggregates: IRIs of groups whose members are not published.
        names: literal names that must not occur in anything published, and neither must what is hidden.
    """

    hidden: frozenset[str]
    pseudonymous: frozenset[str]
    aggregates: frozenset[str]
    names: frozenset[str]


def find_protected(found: Statements, iris: Iris) -> Protected:
    """Read the protection levels; several levels on one record: the strictest holds."""
    levels: dict[str, set[str]] = {}
    for statement in found.by_predicate.get(iris.term("protection"), ()):
        levels.setdefault(statement.subject, set()).add((statement.object_iri or "").removeprefix(iris.ontology))
    types = found.types()
    aggregates = {iris.term(name) for name in _AGGREGATES}
    hidden: set[str] = set()
    pseudonymous: set[str] = set()
    groups: set[str] = set()
    for record, names in levels.items():
        if names <= {"Public"}:
            continue
        if "Restricted" in names or not names <= {"Public", "AggregateOnly", "Pseudonymous"}:
            hidden.add(record)
        elif "AggregateOnly" in names:
            (groups if types.get(record, set()) & aggregates else hidden).add(record)
        else:
            (pseudonymous if OPAQUE.fullmatch(record.rpartition("/")[2]) else hidden).add(record)
    hidden |= _voices_of(found, hidden, iris)
    names = _names(found, hidden, pseudonymous)
    return Protected(frozenset(hidden), frozenset(pseudonymous), frozenset(groups), frozenset(names))


def public(found: Statements, protected: Protected, iris: Iris) -> Statements:
    """The statements that may be published."""
    member = iris.term("member")
    return found.kept(
        lambda each: not withheld(protected, member, (each.subject, each.predicate, each.object_iri), each.graph)
    )


def withheld(protected: Protected, member: str, told: tuple[str, str, str | None], graph: str) -> bool:
    """Whether a statement may not be published: subject, predicate and the IRI that is its object, if it is one.

    `member` is the property that names those of a group.
    """
    subject, predicate, value = told
    if graph in protected.hidden or subject in protected.hidden or value in protected.hidden:
        return True
    if subject in protected.pseudonymous and (predicate in _UNTOLD or predicate.startswith(_OF_PEOPLE)):
        return True
    if value in protected.pseudonymous and predicate in _ELSEWHERE:
        return True
    return subject in protected.aggregates and predicate == member


def _voices_of(found: Statements, hidden: set[str], iris: Iris) -> set[str]:
    """Voices whose claimant or source is left out: their graphs are left out as well."""
    speakers = (iris.term("claimant"), iris.term("inSource"))
    return {
        statement.subject
        for predicate in speakers
        for statement in found.by_predicate.get(predicate, ())
        if statement.object_iri in hidden and statement.subject.startswith(f"{iris.base}voice/")
    }


def _names(found: Statements, hidden: set[str], pseudonymous: set[str]) -> set[str]:
    names = set()
    for predicate in _NAMES:
        for statement in found.by_predicate.get(predicate, ()):
            secret = statement.subject in hidden or (
                # another label may be a description, as the one that is published
                statement.subject in pseudonymous and predicate in _OTHER_NAMES - {_SKOS + "altLabel"}
            )
            value = statement.triple.object
            if secret and isinstance(value, ox.Literal) and len(value.value) >= MIN_NAME:
                names.add(value.value)
    return names
