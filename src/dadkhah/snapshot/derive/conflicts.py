"""Values that cannot all be true: between voices, and inside one voice. Listed, never resolved.

One `dk:Conflict` for each subject and property, with all its values, the voices that give them and the passages they
cite. Its IRI is a hash of subject and property, so that it stays the same from build to build.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.snapshot.derive.schema import Schema
from dadkhah.snapshot.dump.statements import Statement, Statements
from dadkhah.vocab import RDF_TYPE

_TEMPORAL = ("date", "dateTime")


def conflict_records(found: Statements, schema: Schema, iris: Iris) -> Iterator[ox.Triple]:
    """All conflicts of the voices."""
    spoken = Statements([each for each in found.all if each.graph.startswith(f"{iris.base}voice/")])
    cited = _cited(spoken, iris)
    for predicate in sorted(schema.functional):
        for group in _by_subject(spoken, predicate):
            if len({statement.triple.object for statement in group}) > 1:
                yield from _record(group, cited, iris)
    bounds = _Bounds(spoken, schema)
    for predicate in sorted(schema.intervals):
        for group in _by_subject(spoken, predicate):
            if apart := _apart_counts(group, bounds, iris):
                yield from _record(apart, cited, iris)
    for lower in sorted(schema.upper):
        for group in _by_subject(spoken, lower):
            if apart := _apart_bounds(group, lower, bounds):
                yield from _record(apart, cited, iris)


def conflict_iri(subject: str, predicate: str, iris: Iris) -> str:
    """The stable IRI of the conflict on a property of a subject."""
    return iris.thing("conflict", hashlib.sha256(f"{subject} {predicate}".encode()).hexdigest()[:16])


def _record(
    group: list[Statement], cited: dict[tuple[str, str], list[ox.NamedNode]], iris: Iris
) -> Iterator[ox.Triple]:
    subject, predicate = group[0].subject, group[0].predicate
    record = ox.NamedNode(conflict_iri(subject, predicate, iris))

    def say(name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.Triple:
        return ox.Triple(record, ox.NamedNode(iris.term(name)), value)

    yield ox.Triple(record, ox.NamedNode(RDF_TYPE), ox.NamedNode(iris.term("Conflict")))
    yield say("subject", ox.NamedNode(subject))
    yield say("property", ox.NamedNode(predicate))
    for statement in group:
        yield say("value", statement.triple.object)
        yield say("voice", ox.NamedNode(statement.graph))
        for passage in cited.get((statement.graph, subject), ()):
            yield say("passage", passage)


def _by_subject(spoken: Statements, predicate: str) -> Iterator[list[Statement]]:
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in spoken.by_predicate.get(predicate, ()):
        groups[statement.subject].append(statement)
    return (groups[subject] for subject in sorted(groups) if len(groups[subject]) > 1)


def _cited(spoken: Statements, iris: Iris) -> dict[tuple[str, str], list[ox.NamedNode]]:
    found: dict[tuple[str, str], list[ox.NamedNode]] = defaultdict(list)
    for statement in spoken.by_predicate.get(iris.term("cites"), ()):
        if isinstance(statement.triple.object, ox.NamedNode):
            found[statement.graph, statement.subject].append(statement.triple.object)
    return found


@dataclass(frozen=True, slots=True)
class _Interval:
    """Bounds as numbers, or as ISO dates, which compare as text; None where a side is open."""

    lower: str | int | None
    upper: str | int | None

    def meets(self, other: _Interval) -> bool:
        return not (_above(self.lower, other.upper) or _above(other.lower, self.upper))


def _above(lower: str | int | None, upper: str | int | None) -> bool:
    if lower is None or upper is None or isinstance(lower, str) != isinstance(upper, str):
        return False
    return lower > upper  # type: ignore[operator]  # both are of one kind here


class _Bounds:
    """Looks up the bounds that a voice gives to a record."""

    def __init__(self, spoken: Statements, schema: Schema) -> None:
        self._upper = schema.upper
        self._values: dict[tuple[str, str, str], list[str | int]] = defaultdict(list)
        self._terms: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for statement in spoken.all:
            key = (statement.graph, statement.subject, statement.predicate)
            value = statement.triple.object
            if isinstance(value, ox.Literal) and (bound := _bound(value)) is not None:
                self._values[key].append(bound)
            elif isinstance(value, ox.NamedNode):
                self._terms[key].add(value.value)

    def interval(self, graph: str, subject: str, lower: str) -> _Interval:
        """The interval of a record by a property for lower bounds; several values of one voice: the widest."""
        lowest = self._values.get((graph, subject, lower), [])
        highest = self._values.get((graph, subject, self._upper[lower]), [])
        return _Interval(_least(lowest), _most(highest))

    def of_record(self, graph: str, record: str) -> _Interval | None:
        """The interval of a count record, by whichever pair of bounds it has."""
        for lower in self._upper:
            interval = self.interval(graph, record, lower)
            if interval != _Interval(None, None):
                return interval
        return None

    def terms(self, graph: str, subject: str, predicate: str) -> set[str]:
        """IRIs that a voice gives as values."""
        return self._terms.get((graph, subject, predicate), set())


def _least(values: list[str | int]) -> str | int | None:
    return min(values, key=lambda value: (isinstance(value, str), value)) if values else None


def _most(values: list[str | int]) -> str | int | None:
    return max(values, key=lambda value: (isinstance(value, str), value)) if values else None


def _bound(literal: ox.Literal) -> str | int | None:
    kind = literal.datatype.value.rpartition("#")[2]
    if kind in _TEMPORAL:
        return literal.value[:10]
    if kind in {"integer", "nonNegativeInteger", "positiveInteger", "int", "long"}:
        return int(literal.value)
    return None


def _apart_counts(group: list[Statement], bounds: _Bounds, iris: Iris) -> list[Statement]:
    """Those counts of one unit of which at least one other does not meet the interval."""
    unit = iris.term("unit")
    by_unit: dict[frozenset[str], list[Statement]] = defaultdict(list)
    for statement in group:
        if statement.object_iri:
            by_unit[frozenset(bounds.terms(statement.graph, statement.object_iri, unit))].append(statement)
    apart: list[Statement] = []
    for same in by_unit.values():
        known = [(each, bounds.of_record(each.graph, each.object_iri or "")) for each in same]
        apart += _not_meeting((each, interval) for each, interval in known if interval is not None)
    return apart


def _apart_bounds(group: list[Statement], lower: str, bounds: _Bounds) -> list[Statement]:
    """Those voices whose interval for the subject does not meet another voice's."""
    first = {statement.graph: statement for statement in group}
    intervals = [(each, bounds.interval(graph, each.subject, lower)) for graph, each in first.items()]
    graphs = {each.graph for each in _not_meeting(intervals)}
    return [statement for statement in group if statement.graph in graphs]


def _not_meeting(known: Iterable[tuple[Statement, _Interval]]) -> list[Statement]:
    apart: dict[int, Statement] = {}
    for (first, one), (second, other) in itertools.combinations(list(known), 2):
        if not one.meets(other):
            apart[id(first)] = first
            apart[id(second)] = second
    return list(apart.values())
